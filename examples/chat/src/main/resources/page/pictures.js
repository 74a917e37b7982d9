// Pictures: what may be sent, and how what has arrived is shown.

const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const MAX_BYTES = 500_000;
const SHRUNK_SIDE = 1280;

/** A picture {type, data} that the server takes, shrunk where it is too large. Throws an Error to be shown. */
export async function readPicture(file) {
  if (!TYPES.includes(file.type)) {
    throw new Error("Only PNG, JPEG, GIF and WebP pictures can be sent.");
  }
  const fitting = file.size <= MAX_BYTES ? file : await shrink(file);
  if (!fitting || fitting.size > MAX_BYTES) {
    throw new Error("This picture is larger than 500 KB.");
  }
  return { type: fitting.type, data: await fitting.arrayBuffer() };
}

/** What shows {type, data}: an image, if it is of a type that cannot carry a script and the browser can read it. */
export function pictureElement({ type, data }, alt) {
  const image = document.createElement("img");
  image.alt = alt;
  image.addEventListener("error", () => image.replaceWith("This picture cannot be shown. "));
  image.src = TYPES.includes(type) ? URL.createObjectURL(new Blob([data], { type })) : "";
  return image;
}

/** Frees the memory behind the pictures of an element that goes away. */
export function releasePictures(element) {
  element.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
}

async function shrink(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error("This picture cannot be read.");
  });
  const scale = Math.min(1, SHRUNK_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}
