const answer = document.getElementById("answer");

document.getElementById("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  answer.textContent = "…";
  try {
    const reply = await fetch("/predict", { method: "POST", body: file });
    answer.textContent = JSON.stringify(await reply.json(), null, 2);
  } catch (error) {
    answer.textContent = `The service does not answer: ${error.message}`;
  }
});
