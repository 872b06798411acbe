//! The words of the 80 labels.

/// English and Korean name, and other words that mean the same, so that whoever adds one of them adds
/// the label.
type Row = (&'static str, &'static str, &'static str);

/// COCO's supercategories, in English and Korean, with their labels in COCO's order.
pub(super) const GROUPS: &[([&str; 2], &[Row])] = &[
    (["person", "사람"], &[("person", "사람", "people, human, 인물, 인간")]),
    (
        ["vehicle", "탈것"],
        &[
            ("bicycle", "자전거", "bike, push bike, cycle"),
            ("car", "자동차", "auto, automobile, 차, 승용차"),
            ("motorcycle", "오토바이", "motorbike, motor bike, 모터사이클, 바이크"),
            ("airplane", "비행기", "plane, aeroplane, aircraft, 항공기, 여객기"),
            ("bus", "버스", ""),
            ("train", "기차", "railway train, 열차, 전철"),
            ("truck", "트럭", "lorry, 화물차"),
            ("boat", "배", "ship, 보트, 선박"),
        ],
    ),
    (
        ["outdoor", "야외"],
        &[
            ("traffic light", "신호등", "stoplight, traffic signal, 교통 신호등"),
            ("fire hydrant", "소화전", "hydrant"),
            ("stop sign", "정지 표지판", "멈춤 표지판, 일시 정지 표지판"),
            ("parking meter", "주차 미터기", "주차 요금기, 주차기"),
            ("bench", "벤치", "park bench, 긴 의자"),
        ],
    ),
    (
        ["animal", "동물"],
        &[
            ("bird", "새", "조류"),
            ("cat", "고양이", "kitty, kitten, pussycat, 새끼 고양이, 야옹이, 냥이"),
            ("dog", "개", "doggy, doggie, puppy, hound, 강아지, 멍멍이, 댕댕이"),
            ("horse", "말", ""),
            ("sheep", "양", ""),
            ("cow", "소", "cattle"),
            ("elephant", "코끼리", ""),
            ("bear", "곰", ""),
            ("zebra", "얼룩말", ""),
            ("giraffe", "기린", ""),
        ],
    ),
    (
        ["accessory", "소지품"],
        &[
            ("backpack", "배낭", "rucksack, knapsack, 백팩, 책가방"),
            ("umbrella", "우산", "parasol, 양산, 파라솔"),
            ("handbag", "핸드백", "purse, hand bag, 손가방"),
            ("tie", "넥타이", "necktie, neck tie, 타이"),
            ("suitcase", "여행 가방", "luggage, 캐리어, 슈트케이스, 여행용 가방"),
        ],
    ),
    (
        ["sports", "스포츠"],
        &[
            ("frisbee", "프리스비", "flying disc, 원반, 플라잉 디스크"),
            ("skis", "스키", "ski, 스키 플레이트"),
            ("snowboard", "스노보드", "snow board, 스노우보드"),
            ("sports ball", "공", "ball, 스포츠 공"),
            ("kite", "연", ""),
            ("baseball bat", "야구 방망이", "야구 배트, 배트"),
            ("baseball glove", "야구 글러브", "baseball mitt, mitt, 야구 장갑, 글러브"),
            ("skateboard", "스케이트보드", "skate board"),
            ("surfboard", "서프보드", "surf board, 서핑보드"),
            ("tennis racket", "테니스 라켓", "tennis racquet, racket, racquet, 라켓, 테니스채"),
        ],
    ),
    (
        ["kitchen", "주방"],
        &[
            ("bottle", "병", ""),
            ("wine glass", "와인잔", "wineglass, goblet, 와인 글라스, 포도주잔"),
            ("cup", "컵", "mug, teacup, coffee cup, 잔, 머그잔, 머그컵, 찻잔"),
            ("fork", "포크", ""),
            ("knife", "칼", "knives, 나이프, 식칼, 부엌칼"),
            ("spoon", "숟가락", "teaspoon, 스푼, 수저"),
            ("bowl", "그릇", "사발, 대접"),
        ],
    ),
    (
        ["food", "음식"],
        &[
            ("banana", "바나나", ""),
            ("apple", "사과", ""),
            ("sandwich", "샌드위치", ""),
            ("orange", "오렌지", ""),
            ("broccoli", "브로콜리", "브로컬리"),
            ("carrot", "당근", ""),
            ("hot dog", "핫도그", ""),
            ("pizza", "피자", ""),
            ("donut", "도넛", "doughnut, 도너츠, 도나스"),
            ("cake", "케이크", "케익, 케잌"),
        ],
    ),
    (
        ["furniture", "가구"],
        &[
            ("chair", "의자", "armchair, 걸상, 안락의자"),
            ("couch", "소파", "sofa, settee, 쇼파"),
            ("potted plant", "화분", "pot plant, houseplant, house plant, 화초, 분재"),
            ("bed", "침대", "침상"),
            ("dining table", "식탁", "table, dinner table, 테이블, 밥상"),
            ("toilet", "변기", "toilet bowl, lavatory, 좌변기, 양변기"),
        ],
    ),
    (
        ["electronic", "전자기기"],
        &[
            ("tv", "텔레비전", "television, telly, tv set, 티비, 티브이, 테레비"),
            ("laptop", "노트북", "laptop computer, notebook computer, 랩톱, 랩탑, 노트북 컴퓨터"),
            ("mouse", "마우스", "computer mouse, 컴퓨터 마우스"),
            ("remote", "리모컨", "remote control, 리모콘"),
            ("keyboard", "키보드", "computer keyboard, 자판"),
            (
                "cell phone",
                "휴대폰",
                "mobile phone, mobile, phone, smartphone, 핸드폰, 휴대전화, 스마트폰, 전화기",
            ),
        ],
    ),
    (
        ["appliance", "가전제품"],
        &[
            ("microwave", "전자레인지", "microwave oven, 전자렌지"),
            ("oven", "오븐", "stove, cooker"),
            ("toaster", "토스터", "토스터기, 토스트기"),
            ("sink", "싱크대", "washbasin, basin, 세면대, 개수대"),
            ("refrigerator", "냉장고", "fridge, freezer, 냉동고"),
        ],
    ),
    (
        ["indoor", "실내"],
        &[
            ("book", "책", "도서, 서적"),
            ("clock", "시계", ""),
            ("vase", "꽃병", "화병"),
            ("scissors", "가위", "shears, pair of scissors"),
            ("teddy bear", "곰 인형", "teddy, 테디베어"),
            ("hair drier", "헤어드라이어", "hair dryer, blow dryer, 드라이기, 헤어드라이기"),
            ("toothbrush", "칫솔", ""),
        ],
    ),
];

/// Words that a label is looked for by, and that say more than the label or something else: who adds
/// one of them means a tag of its own.
pub(super) const RELATED: &[(&str, &str)] = &[
    (
        "person",
        "man, men, woman, women, boy, girl, child, children, kid, baby, 남자, 여자, 아이, 아기",
    ),
    ("bicycle", "cyclist, 바퀴"),
    ("car", "taxi, 택시"),
    ("bird", "duck, seagull, pigeon, 오리, 갈매기, 비둘기"),
    ("backpack", "bag, 가방"),
    ("handbag", "bag, 가방"),
    ("suitcase", "bag, 가방"),
    ("wine glass", "wine, 와인"),
    ("potted plant", "plant, flower, 식물, 꽃"),
    ("vase", "flower, 꽃"),
    ("laptop", "computer, 컴퓨터"),
    ("mouse", "computer, 컴퓨터"),
    ("keyboard", "computer, 컴퓨터"),
    ("banana", "fruit, 과일"),
    ("apple", "fruit, 과일"),
    ("orange", "fruit, tangerine, 과일, 귤"),
    ("broccoli", "vegetable, 채소, 야채"),
    ("carrot", "vegetable, 채소, 야채"),
    ("teddy bear", "toy, doll, 장난감"),
    ("clock", "watch, 벽시계, 손목시계"),
    ("scissors", "scissor"),
    ("horse", "pony, foal, 조랑말, 망아지"),
    ("sheep", "lamb, 어린 양"),
    ("cow", "calf, bull, ox, 젖소, 송아지"),
    ("bear", "polar bear, brown bear, 북극곰, 불곰"),
    ("sports ball", "soccer ball, football, basketball, baseball, 축구공, 농구공, 야구공"),
    ("tv", "monitor, screen, 모니터, 화면"),
    ("cake", "birthday cake, 생일 케이크"),
    ("bottle", "물병, 유리병"),
];
