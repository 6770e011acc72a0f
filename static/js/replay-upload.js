/* Uploads replays one request a file, with a progress bar each. Without it the form sends them all at once. */
(() => {
  "use strict";
  const form = document.getElementById("replay-upload");
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const status = form.querySelector("[data-upload-status]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const mostBytes = Number(form.dataset.mostBytes);
  const AT_ONCE = 2;
  const MOST_SHOWN = 50;
  const waiting = [];
  let running = 0;
  let sent = 0;
  let refused = 0;
  let all = 0;

  const say = () => {
    const ended = sent + refused;
    const words = [`${sent} of ${all} uploaded`];
    if (refused) words.push(`${refused} refused`);
    status.textContent = all ? `${words.join(", ")}${ended < all ? "…" : "."}` : "";
  };

  const refreshList = () =>
    document.getElementById(form.dataset.list)?.dispatchEvent(new CustomEvent("refresh"));

  const lineFor = (file) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const words = document.createElement("span");
    name.className = "upload-name";
    name.textContent = file.name;
    bar.className = "progress";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    words.className = "small muted upload-words";
    words.textContent = "Waiting";
    line.append(name, words, bar);
    list.prepend(line);
    while (list.children.length > MOST_SHOWN) list.lastElementChild.remove();
    return { bar, words };
  };

  const end = (task, words, isGood) => {
    task.line.words.textContent = words;
    task.line.words.className = `small upload-words ${isGood ? "muted" : "text-bad"}`;
    task.line.bar.value = 100;
    task.line.bar.classList.toggle("bad", !isGood);
    if (isGood) sent += 1;
    else refused += 1;
    say();
  };

  const answered = (request) => {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return {};
    }
  };

  const took = (row) => {
    if (row.status === "failed") return [row.reason || "It can't be read.", false];
    return [row.outcome === "duplicate" ? "Here already" : "Uploaded", true];
  };

  const send = (task) => {
    running += 1;
    const body = new FormData();
    body.append("file", task.file);
    const request = new XMLHttpRequest();
    const over = (words, isGood) => {
      running -= 1;
      end(task, words, isGood);
      refreshList();
      next();
    };
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) task.line.bar.value = Math.round((100 * event.loaded) / event.total);
    });
    request.addEventListener("load", () => {
      const body = answered(request);
      if (request.status === 202 && body.length) over(...took(body[0]));
      else over(body.message || `The server answered ${request.status}.`, false);
    });
    request.addEventListener("error", () => over("The connection broke off. Try it again.", false));
    task.line.words.textContent = "Uploading";
    request.send(body);
  };

  const next = () => {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
  };

  const add = (files) => {
    for (const file of files) {
      const task = { file, line: lineFor(file) };
      all += 1;
      if (file.size > mostBytes) end(task, `Larger than the ${Math.round(mostBytes / 2 ** 20)} MB that a replay may have.`, false);
      else waiting.push(task);
    }
    say();
    next();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(input.files);
    form.reset();
  });

  // Chosen is meant: nobody has to press a button for it.
  input.addEventListener("change", () => form.requestSubmit());

  const isOver = (event, on) => {
    event.preventDefault();
    form.classList.toggle("is-over", on);
  };
  form.addEventListener("dragenter", (event) => isOver(event, true));
  form.addEventListener("dragover", (event) => isOver(event, true));
  form.addEventListener("dragleave", (event) => isOver(event, form.contains(event.relatedTarget)));
  form.addEventListener("drop", (event) => {
    isOver(event, false);
    add(event.dataTransfer.files);
  });

  window.addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });
})();
