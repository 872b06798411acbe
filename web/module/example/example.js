// A page that tags photos with the module, and shows where it saw the first tag.
import { Tagger } from "../tagsight.js";

const input = document.querySelector("input");
const status = document.querySelector("[role=status]");
const list = document.querySelector("ul");

const tagger = await Tagger.load(new URL("../models/efficientnet_lite2/", import.meta.url), {
  onprogress: ({ received, total }) => (status.textContent = `${Math.round((100 * received) / total)} %`),
});
status.textContent = `${tagger.model.name} on ${tagger.engine}`;
input.disabled = false;

input.addEventListener("change", async () => {
  for (const photo of input.files) {
    const item = list.appendChild(document.createElement("li"));
    item.append(`${photo.name}: `);
    try {
      const tags = await tagger.tag(photo);
      item.append(tags.map(({ label, score }) => `${label} ${Math.round(100 * score)} %`).join(", ") || "nothing sure");
      if (tags.length) await show(item, photo, tags[0].label);
    } catch (error) {
      item.append(error.message);
    }
    item.dataset.state = "done";
  }
});

async function show(item, photo, label) {
  const { place, picture } = await tagger.heatmap(photo, label);
  item.append(` (${label}: ${place})`);
  if (!picture) return;
  const image = new Image();
  image.src = URL.createObjectURL(picture);
  image.alt = `Where ${label} is: ${place}`;
  item.append(image);
}
