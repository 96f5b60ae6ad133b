// The model in the browser. Nothing leaves this page: onnxruntime-web lies in ort/, the model in the folder above.
import * as ort from "./ort/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";

const TOP = 5;
const MAX_PIXELS = 50_000_000;
const page = Object.fromEntries(["file", "camera", "said", "seen", "top"].map((id) => [id, document.getElementById(id)]));
const pen = page.seen.getContext("2d", { willReadFrequently: true });

ort.env.wasm.wasmPaths = new URL("./ort/node_modules/onnxruntime-web/dist/", import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need headers that a plain file server does not send

const told = await (await fetch("../model.json")).json();
const session = await ort.InferenceSession.create("../model.onnx", { executionProviders: ["wasm"] });
const strangest = "unknown_threshold" in told ? Number(told.unknown_threshold) : null;
const outputs = strangest === null ? ["probabilities"] : ["probabilities", "unknown"];
page.file.disabled = page.camera.disabled = false;
page.said.textContent = "Choose an image.";

/** uint8 1 x height x width x 3 of what the canvas shows. */
function pixels() {
  const { data, width, height } = pen.getImageData(0, 0, page.seen.width, page.seen.height);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from];
    rgb[to++] = data[from + 1];
    rgb[to++] = data[from + 2];
  }
  return new ort.Tensor("uint8", rgb, [1, height, width, 3]);
}

/** Draw an image at its own size, transparency over white. */
function draw(image, width, height) {
  if (width * height > MAX_PIXELS) throw new Error("it has more than 50 megapixels");
  page.seen.width = width;
  page.seen.height = height;
  pen.fillStyle = "white";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0);
}

/** Ask the model, and show the likeliest classes. Names are set as text: they are never read as HTML. */
async function answer() {
  const { probabilities, unknown } = await session.run({ image: pixels() }, outputs);
  const shares = Array.from(probabilities.data);
  const best = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a]).slice(0, TOP);
  const label = told.names[best[0]];
  const least = Object.hasOwn(told.thresholds, label) ? told.thresholds[label] : 0;
  const strange = strangest !== null && !(unknown.data[0] <= strangest);
  page.said.textContent = strange ? "unknown" : shares[best[0]] < least ? "unsure" : label;
  page.top.replaceChildren(...best.map((i) => row(told.names[i], shares[i])));
}

function row(name, share) {
  const made = document.createElement("tr");
  made.insertCell().textContent = name;
  made.insertCell().textContent = `${(100 * share).toFixed(1)} %`;
  made.dataset.share = share;
  return made;
}

function refuse(error) {
  page.top.replaceChildren();
  page.said.textContent = `This cannot be answered: ${error.message}`;
}

page.file.addEventListener("change", async () => {
  stopCamera();
  const [file] = page.file.files;
  if (!file) return;
  try {
    const image = await createImageBitmap(file, { colorSpaceConversion: "none" });
    draw(image, image.width, image.height);
    image.close();
    await answer();
  } catch (error) {
    refuse(error);
  }
});

let stream = null;

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  page.camera.textContent = "Use the camera";
}

page.camera.addEventListener("click", async () => {
  if (stream) return stopCamera();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: true });
    page.camera.textContent = "Stop";
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
    await video.play();
    while (stream) {
      draw(video, video.videoWidth, video.videoHeight);
      await answer();
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    stopCamera();
    refuse(error);
  }
});
