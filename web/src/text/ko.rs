//! Korean. Messages are polite and plain (해요체), buttons are short nouns. No particle follows a
//! place for a value, since its form would depend on the value.

use super::*;
use tagsight_template::{any_count, t};

/// What the page says in Korean.
pub(super) static TEXTS: Texts = Texts {
    language: Language::Ko,
    units: Units {
        millis: t("{0}ms"),
        seconds: t("{0}초"),
        minutes: t("{0}분"),
        hours: t("{0}시간"),
        kilobytes: t("{0}KB"),
        megabytes: t("{0}MB"),
        gigabytes: t("{0}GB"),
        pixels: t("{0} × {1}"),
        months: [
            "1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월",
        ],
        moment: t("{0}년 {1} {2}일 {3}"),
    },
    page: Page {
        promise: "사진은 이 기기를 벗어나지 않아요.",
        benchmark: "성능 측정",
        photos: "사진",
        ready: "준비됐어요",
        close: "닫기",
        try_again: "다시 시도",
        reload: "새로고침",
        dismiss: "확인",
        take_along: "가져가기…",
        not_loaded: "페이지의 이 부분을 불러오지 못했어요. 연결을 확인하고 다시 시도해 주세요.",
    },
    empty: Empty {
        headline: "사진에 무엇이 담겨 있나요?",
        promise: "사진은 이 기기를 벗어나지 않아요. 태그는 바로 여기에서 붙여요.",
        sample: "예시 사진으로 해 보기",
        sample_alt: "태그가 붙은 예시 사진",
        formats: "JPEG, PNG, WebP, GIF, BMP, AVIF",
    },
    add: Add {
        choose: "사진 선택",
        more: "사진 추가",
        folder: "폴더 추가",
        camera: "사진 촬영",
        hint: "페이지에 끌어다 놓거나 붙여넣어도 돼요",
        drop: "여기에 놓으면 추가돼요",
        no_photos: "사진이 들어 있지 않아요.",
    },
    search: Search {
        label: "검색",
        placeholder: "태그 검색",
        found: any_count("사진 {0}장을 찾았어요"),
        nothing: "찾는 사진이 없어요",
        nothing_hint: "다른 낱말로 찾거나 낱말을 줄여 보세요.",
        chips: "태그",
        alike: "비슷해 보이는 사진 찾기",
    },
    history: History {
        undo: "실행 취소",
        redo: "다시 실행",
        undone: "실행을 취소했어요",
        redone: "다시 실행했어요",
    },
    thresholds: Thresholds {
        label: "정확도 기준",
        sure: "확실하게",
        sure_hint: "태그는 적지만 거의 다 맞아요",
        balanced: "균형 있게",
        balanced_hint: "태그가 더 많고 대부분 맞아요",
        more: "더 많이",
        more_hint: "대부분 찾아내지만 틀린 것도 늘어요",
    },
    selection: Selection {
        label: "선택한 사진",
        selected: any_count("{0}장 선택됨"),
        all: "모두 선택",
        clear: "선택 해제",
        add_tag: "태그 추가",
        remove_tag: "태그 삭제",
        confirm: "태그 확정",
        confirm_hint: "확정한 태그는 내 태그가 되어 어떤 모델도 지우지 않아요.",
        delete: "보관함에서 삭제",
        added: t("{1}에 추가한 태그: {0}"),
        removed: t("{1}에서 삭제한 태그: {0}"),
        confirmed: any_count("사진 {0}장의 태그를 확정했어요"),
        deleted: any_count("사진 {0}장을 삭제했어요"),
    },
    card: Card {
        photos: any_count("사진 {0}장"),
        waiting: "대기 중",
        working: "살펴보는 중…",
        none_sure: "모델이 확신하는 것을 찾지 못했어요",
    },
    source: Source {
        auto: "모델이 찾음", user: "내가 추가", file: "파일에 있던 태그"
    },
    batch: Batch {
        label: "태그 붙이기",
        progress: t("{1}장 중 {0}장"),
        each: t("장당 {0}"),
        left: t("{0} 남음"),
        tagged: any_count("사진 {0}장에 태그를 붙였어요"),
        failed: any_count("{0}장 실패"),
        pause: "일시정지",
        resume: "계속",
        cancel: "취소",
        paused_by_user: "일시정지했어요",
        paused_for_model: "모델을 기다리는 중이에요",
        retry_all: "모두 다시 시도",
        not_tagged: any_count("지난번에 사진 {0}장에 태그를 붙이지 못했어요"),
        choose_again: "다시 선택",
        forget: "목록 지우기",
        and_more: any_count("외 {0}장"),
        not_at_hand: any_count(
            "사진 {0}장은 파일을 열 수 없어요. 사진을 다시 추가하면 태그를 다시 붙일 수 있어요.",
        ),
        remove_auto: "모델이 찾은 태그 모두 삭제",
    },
    file: FileTexts {
        refused: "파일을 열려면 허락이 필요해요",
        gone: "파일이 옮겨졌거나 삭제됐어요",
        changed: "태그를 붙인 뒤에 파일이 바뀌었어요",
        no_handle: "브라우저가 파일을 다시 찾을 수 없어요",
        small: t("작게 저장해 둔 사본이에요. {0}."),
    },
    model: ModelTexts {
        label: "모델",
        choose_one: "선택하세요",
        loading: "모델을 불러오는 중…",
        downloading: t("모델 내려받는 중 {0} / {1}MB"),
        preparing: "모델을 준비하는 중…",
        missing: "모델 없음",
        not_loaded: "모델을 불러오지 못했어요",
        described: t("{0} ({1}, 정확도 {2}, {3})"),
        described_by_accuracy: t("{0} ({1}, 정답률 {2}%, {3})"),
        described_by_r2: t("{0} ({1}, 설명력 R² {2}, {3})"),
        fast: "빠름",
        slower: "조금 느림",
        slow: "느림",
        excellent: "최고",
        very_good: "매우 높음",
        good: "높음",
        fair: "보통",
    },
    graphics: Graphics {
        checked: "GPU가 CPU와 같은 결과를 내는 것을 확인했어요.",
        faster: t("사진 한 장에 GPU는 {0}, CPU는 {1} 걸려요."),
        is_back: "GPU 연결이 끊겼다가 돌아왔어요.",
        absent: "이 브라우저에서는 GPU를 쓸 수 없어요.",
        software: "이 브라우저의 GPU는 실제로는 CPU예요.",
        slower: t("사진 한 장에 GPU는 {0}, CPU는 {1} 걸려요."),
        lost: t("GPU 연결이 끊겼어요{0}."),
        fault: t("GPU를 쓸 수 없어요{0}."),
        late: t("GPU를 쓸 수 없어요. {0}초 동안 응답이 없었어요."),
        implausible: "GPU를 쓸 수 없어요. 결과가 올바르지 않았어요.",
        retries: "GPU를 다시 시작하는 동안 CPU로 실행해요.",
        instead: "대신 CPU로 실행해요.",
        crashed: "GPU를 쓰다가 작업이 멈췄어요. 대신 CPU로 실행해요. 다시 시도하려면 ‘GPU 사용’을 \
                  선택하세요.",
        quarantined: "지난번에 GPU를 시험하다가 페이지가 종료되어 지금은 CPU로 실행해요. 다시 \
                      시도하려면 ‘GPU 사용’을 선택하세요.",
        not_here: t("이 브라우저에서 실행할 수 없는 방식: {0}. 대신 실행한 방식: {1}."),
        unknown: t("‘{0}’ 실행 방식은 없어요. 대신 실행한 방식: {1}."),
    },
    photo: PhotoTexts {
        empty: "빈 파일이에요. 다시 복사하거나 내려받아 주세요.",
        not_a_photo: "JPEG, PNG, WebP 사진이 아니에요. 이 중 한 형식으로 바꾼 뒤 다시 시도해 \
                      주세요.",
        unsupported: t("{0} 이미지는 여기서 읽을 수 없어요. JPEG로 저장한 뒤 다시 시도해 주세요."),
        phone: t(
            "{0} 사진은 여기서 읽을 수 없어요. JPEG로 저장해 주세요. 앞으로 찍을 사진은 카메라 \
             설정에서 ‘높은 호환성’을 선택하면 돼요.",
        ),
        raw: t("RAW 사진({0})은 여기서 읽을 수 없어요. 함께 저장된 JPEG를 쓰거나 카메라 전용 \
             프로그램에서 JPEG로 저장해 주세요."),
        film: "동영상은 여기서 읽을 수 없어요. 장면을 JPEG로 저장해 주세요.",
        photoshop: "포토샵 문서는 여기서 읽을 수 없어요. JPEG로 저장한 뒤 다시 시도해 주세요.",
        app_png: "iPhone 앱용 PNG(CgBI)는 여기서 읽을 수 없어요. JPEG로 저장한 뒤 다시 시도해 \
                  주세요.",
        jpeg: t("{0} 파일은 여기서 읽을 수 없어요. 일반 JPEG로 다시 저장한 뒤 시도해 주세요."),
        jpeg_arithmetic: "산술 부호화 JPEG",
        jpeg_lossless: "무손실 JPEG",
        jpeg_hierarchical: "계층형 JPEG",
        jpeg_precision: "8비트를 넘는 JPEG",
        jpeg_components: "색상 성분이 두 개이거나 네 개를 넘는 JPEG",
        too_large: t(
            "사진이 너무 커요(픽셀 {0}, 필요한 메모리 {1}, 쓸 수 있는 메모리 {2}). 크기를 줄여 \
             다시 시도해 주세요.",
        ),
        too_long: t(
            "사진이 너무 길어요(픽셀 {0}, 한 변 최대 {1}). 자르거나 크기를 줄여 다시 시도해 주세요.",
        ),
        damaged: t("{0} 파일이 손상됐거나 완전하지 않아요. 다시 복사하거나 내보내 주세요.{1}"),
        no_decoder: t(
            "이런 종류의 사진을 읽는 데 필요한 파일을 내려받지 못했어요{0}. 연결을 확인하고 다시 \
             시도해 주세요.",
        ),
        file_too_large: t("파일이 너무 커요({0}). 사진 크기를 {1} 아래로 줄여 다시 시도해 주세요."),
        unreadable: "파일을 읽을 수 없어요. 폴더라면 열어서 안에 있는 사진을 선택하고, 아니라면 이 \
                     기기에 복사한 뒤 다시 시도해 주세요.",
        crashed: "이 사진에서 메모리가 부족했거나 작업이 중단됐어요. 크기를 줄이거나 JPEG로 다시 \
                  저장한 뒤 한 번 더 추가해 주세요.",
        no_model: "모델을 불러오지 못했어요. 페이지를 새로고침해 주세요.",
        no_file: "사진이 전달되지 않았어요. 페이지를 새로고침해 주세요.",
    },
    load: Load {
        missing: t(
            "이 사이트의 목록에는 ‘{0}’ 모델이 있지만 파일이 없어요. 다른 모델을 선택해 주세요. \
             사이트를 다시 빌드해야 해요.",
        ),
        network: t("모델을 내려받지 못했어요{0}. 연결을 확인하고 다시 시도해 주세요."),
        altered: t(
            "‘{0}’ 모델의 내용이 이 사이트가 알린 것과 달라 사용하지 않았어요. 다시 시도해 보고, \
             그래도 안 되면 사이트를 다시 빌드해야 해요.",
        ),
        memory: t(
            "모델에 필요한 메모리({0})를 이 기기에서 얻지 못했어요. 다른 탭을 닫고 다시 시도해 \
             주세요.",
        ),
        unusable: t("이 모델은 쓸 수 없어요{0}. 다른 모델로 사이트를 빌드해야 해요."),
        no_tags: t(
            "‘{0}’ 모델은 수치를 재는 모델이라 태그를 붙이지 못해서 여기서는 쓸 수 없어요. 다른 \
             모델을 골라 주세요.",
        ),
    },
    problem: ProblemTexts {
        no_models: "이 사이트에는 아직 모델이 없어요. models 폴더에 모델을 넣고(trainer export, \
                    trainer card, cargo xtask manifest) 사이트를 다시 빌드해 주세요.",
        unknown_model: t(
            "이 사이트에 ‘{0}’ 모델은 없어요. 있는 모델: {1}. 이 중에서 선택해 주세요.",
        ),
        no_list: t("모델 목록을 내려받지 못했어요{0}. 연결을 확인하고 다시 시도해 주세요."),
        old_browser: "브라우저가 오래되어 실행할 수 없어요(WebAssembly SIMD 미지원). Chrome 91, \
                      Firefox 89, Safari 16.4 이상을 써 주세요.",
        not_started: t("태그 작업을 시작하지 못했어요{0}. 연결을 확인하고 다시 시도해 주세요."),
        two_builds: "페이지의 버전이 서로 달라 태그를 붙일 수 없어요. 새로고침해 보고, 그래도 안 \
                     되면 이 페이지의 탭을 모두 닫은 뒤 다시 열어 주세요.",
    },
    settings: Settings {
        open: "설정",
        language: "언어",
        never_show: "항상 숨기는 태그",
        show_again: t("{0} 태그 다시 보기"),
        named: t("이름을 바꿨어요: {0}"),
        merged: t("두 태그를 하나로 합쳤어요: {0}"),
        same_name: "이미 그렇게 부르고 있어요.",
        name_of_label: t("바꾸지 않았어요. 모델의 다른 태그 이름이에요: {0}"),
        no_such_tag: "바꾸지 않았어요. 이제 그 태그가 있는 사진이 없어요.",
        rename: "모든 사진에서 이름 변경",
    },
    storage: Storage {
        persistent: "보관함은 직접 삭제할 때까지 남아 있어요.",
        private_window: "시크릿 창에서는 저장되지 않아요. 창을 닫으면 보관함이 사라져요.",
        full: "저장 공간이 가득 차서 더 저장할 수 없어요. 보관함에서 사진을 지우거나 기기의 공간을 \
               늘려 주세요.",
        lost: "브라우저가 보관함을 닫았어요. 다시 열리면 변경한 내용을 저장해요.",
        newer: "보관함이 이 페이지보다 새로운 버전이에요. 페이지를 새로고침해 주세요.",
        backup: "백업",
        backup_due: "수정한 내용이 이 브라우저에만 있어요. 백업해 두세요.",
        restored: any_count("사진 {0}장을 복원했어요"),
        restore_refused: "Tagsight 백업 파일이 아니거나 손상됐어요. 바뀐 내용은 없어요.",
        deleted_all: "모두 삭제했어요.",
    },
    offline: Offline {
        unavailable: "네트워크 필요",
        preparing: "오프라인 준비 중",
        ready: "오프라인 사용 가능",
        ready_hint: "페이지와 모델이 이 기기에 저장되어 있어요.",
    },
    update: Update {
        offered: "새 버전이 준비됐어요.",
        take: "업데이트",
        waits: "태그를 모두 붙인 뒤에 적용돼요.",
    },
};

/// What the dialogs say in Korean.
pub(super) static DIALOGS: DialogTexts = DialogTexts {
    detail: Detail {
        previous: "이전 사진",
        next: "다음 사진",
        close: "사진 닫기",
        add_placeholder: "태그 추가",
        remove_tag: t("{0} 태그 삭제"),
        never_show: t("{0} 태그 항상 숨기기"),
        less_sure: "덜 확실한 태그",
        add_less_sure: t("{0} 태그 추가"),
        none_sure: "모델이 확신하는 것을 찾지 못했어요",
        dimensions: "해상도",
        size: "크기",
        taken: "촬영일",
        added: "추가일",
        model: "모델",
        engine: "실행 방식",
        decoder: "디코딩",
        decoder_own: "Tagsight",
        decoder_browser: "브라우저",
        time: "걸린 시간",
        open: "파일 열기",
    },
    why: WhyTexts {
        ask: t("{0} 태그의 이유"),
        asked: "살펴보는 중…",
        no_file: "어디를 보고 붙였는지 보려면 사진 파일이 필요한데, 지금은 열 수 없어요. 사진을 다시 \
                  추가해 주세요.",
        found: t("모델이 {0} 태그를 찾은 곳: {1}"),
        nowhere: t("이 사진에는 {0} 태그를 뒷받침하는 곳이 없어요."),
        places: [
            "왼쪽 위",
            "위쪽 가운데",
            "오른쪽 위",
            "왼쪽",
            "가운데",
            "오른쪽",
            "왼쪽 아래",
            "아래쪽 가운데",
            "오른쪽 아래",
        ],
        opacity: "지도가 사진을 가리는 정도",
        hint: "밝은 곳일수록 영향이 커요. 모델이 판단에 쓴 곳이라, 대상과 꼭 일치하지는 않아요.",
        other_model: t("{0} 모델이 본 결과예요. 태그는 다른 모델이 붙였어요."),
    },
    alike: AlikeTexts {
        title: "비슷해 보이는 사진",
        hint: "여기서는 아무것도 삭제되지 않아요. 필요 없는 사진을 선택하고 이 창을 닫은 뒤 삭제해 \
               주세요. 삭제는 취소할 수 있어요. 완전히 같은 사진은 이미 하나로 합쳐져 있어요.",
        none: "지금 보이는 사진 중에 비슷해 보이는 사진이 없어요.",
        unknown: any_count(
            "사진 {0}장은 이 페이지의 이전 버전에서 태그를 붙였어요. 다시 태그를 붙이면 비교할 수 \
             있어요.",
        ),
        group: t("묶음 {0}: {1}"),
        others: "첫 번째만 빼고 선택",
        largest: "가장 큰 파일",
        more: "묶음 더 보기",
    },
    settings: SettingsTexts {
        title: "설정",
        never_show_hint: "모델이 이 태그를 더는 붙이지 않아요. 직접 추가한 태그는 남아요.",
        words: "내 낱말",
        words_hint: "태그를 부르는 이름을 모든 곳에서 바꿔요.",
        rename_label: "새 이름",
        again: "태그 다시 붙이기",
        again_hint: "태그를 다시 붙여도 직접 추가하거나 삭제한 태그는 그대로 남아요.",
    },
    storage: StorageTexts {
        title: "저장 공간",
        used: t("{0} 사용 중"),
        photos: any_count("보관함에 사진 {0}장"),
        not_persistent: "브라우저가 보관함을 지울 수 있어요.",
        not_persistent_why: "공간이 부족하거나 오랫동안 페이지를 열지 않으면 지워질 수 있어요. \
                             페이지를 설치하거나 백업해 두세요.",
        keep: "브라우저에 보관 요청",
        backup_hint: "모든 태그와 수정 내용을 파일 하나로 저장해요. 사진은 들어가지 않아요.",
        since_backup: any_count("수정 {0}건이 아직 백업되지 않았어요."),
        restore: "복원",
        delete_all: "모두 삭제",
        delete_all_question: "보관함과 수정한 내용을 모두 삭제할까요? 되돌릴 수 없어요. 사진 원본은 \
                              그대로 남아요.",
    },
    engine: EngineTexts {
        label: "실행 방식",
        automatic: "자동",
        graphics: "GPU 사용",
        processor: "CPU 사용",
    },
    check: Check {
        title: "직접 확인하기",
        intro: "사진은 이 기기를 벗어나지 않아요. 믿지 말고 확인해 보세요.",
        airplane: "페이지를 연 뒤 비행기 모드를 켜고 태그를 붙여 보세요. 그대로 작동해요.",
        network: "브라우저의 개발자 도구(F12)에서 ‘네트워크’를 열고 사진을 추가해 보세요. 사진을 \
                  담은 요청은 하나도 없어요.",
        source: "페이지 소스를 살펴보세요. 콘텐츠 보안 정책에 따라 브라우저가 이 사이트 밖으로 \
                 나가는 요청을 모두 막아요.",
    },
    keyboard: Keyboard {
        title: "키보드",
        keys: "키",
        does: "하는 일",
        rows: [
            ["화살표", "사진 사이 이동"],
            ["Home, End", "줄의 첫 사진, 마지막 사진"],
            ["Ctrl + Home, Ctrl + End", "첫 사진, 마지막 사진"],
            ["Page Up, Page Down", "한 화면 위로, 아래로"],
            ["스페이스", "선택 또는 선택 해제"],
            ["Shift + 화살표", "범위 선택"],
            ["Ctrl + A", "모두 선택"],
            ["Enter", "사진 열기"],
            ["Delete", "보관함에서 삭제"],
            ["Esc", "닫기 또는 선택 해제"],
            ["Ctrl + Z", "실행 취소"],
            ["Ctrl + Shift + Z", "다시 실행"],
            ["/", "검색"],
        ],
    },
};

/// What the benchmark says in Korean.
pub(super) static BENCHMARK: BenchmarkTexts = BenchmarkTexts {
    title: "Tagsight 성능 측정",
    back: "사진으로 돌아가기",
    engine: "실행 방식",
    runs: "횟수",
    photo: t("사진 (없으면 {0} × {1} JPEG를 그려서 사용)"),
    run: "측정",
    running: "측정 중…",
    wait: "모델을 불러와 측정하고 있어요. 페이지를 열어 두세요.",
    load: "모델 준비",
    first: "첫 추론",
    median: "추론, 중앙값",
    best: "추론, 최솟값",
    decode: "디코딩, 중앙값",
    squash: "입력 크기로 축소, 중앙값",
    photo_to_tags: "사진에서 태그까지, 중앙값",
    caption: t("{0} · {1} · {2}회"),
    no_photo: "이 브라우저에서 사진을 만들지 못했어요.",
    stopped: t("작업이 중단됐어요{0}. 다시 실행해 주세요."),
};
