// Chapters, transcript, buttons and keys all move the page's one native audio element.
(() => {
  "use strict";
  const $ = (query) => document.querySelector(query);
  const audio = $("audio");
  const text = $("#text");
  const tools = $(".tools");
  const keys = $(".keys");
  const speed = tools.querySelector("select");
  const follow = $("[data-do=follow]");
  const now = $(".now");
  const spans = [...text.querySelectorAll("[data-t]")];
  const starts = spans.map((span) => +span.dataset.t);
  const links = [...document.querySelectorAll(".chapters a")];
  const marks = links.map((link) => +link.dataset.t);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ---- what is remembered, where the browser allows it
  const keep = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {}
  };
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const place = "at:" + audio.getAttribute("src");

  // ---- places in time
  const last = (times, t) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  // When each word of a sentence begins: see `packed` in transcript.py.
  const words = (span) => {
    let t = +span.dataset.t;
    return (span.dataset.w ?? "").match(/../g)?.map((code) => (t += parseInt(code, 36) / 100)) ?? [t];
  };
  const seek = (t, play) => {
    audio.currentTime = Math.max(0, t);
    show(true);
    if (play) audio.play().catch(() => {});
  };

  // ---- the sentence and the word that are heard
  let current;
  let heard;
  const light = window.Highlight && CSS.highlights ? new Highlight() : null;
  if (light) CSS.highlights.set("word", light);
  const show = (asked) => {
    const t = audio.currentTime + 0.03;
    const at = last(starts, t);
    const span = spans[at];
    if (span !== current) {
      current?.removeAttribute("aria-current");
      current = span;
      span?.setAttribute("aria-current", "true");
      if (span && follow.ariaPressed === "true" && (asked === true || !audio.paused)) bring(span);
    }
    const chapter = last(marks, t);
    if (chapter !== heard) {
      links[heard]?.removeAttribute("aria-current");
      links[chapter]?.setAttribute("aria-current", "true");
      now.textContent = links[chapter]?.lastElementChild.textContent ?? "";
      heard = chapter;
    }
    if (!light || !span?.dataset.w) return light?.clear();
    const word = last(words(span), t);
    const node = span.firstChild;
    const from = word < 0 ? 0 : [...node.data.matchAll(/\S+/g)][word];
    light.clear();
    if (from) {
      const range = new Range();
      range.setStart(node, from.index);
      range.setEnd(node, from.index + from[0].length);
      light.add(range);
    }
  };
  const bring = (span) => {
    const box = span.getBoundingClientRect();
    const top = $(".player").getBoundingClientRect().bottom;
    if (box.top > top + 20 && box.bottom < innerHeight - 60) return;
    scrollBy({ top: box.top - top - innerHeight / 5, behavior: calm.matches ? "auto" : "smooth" });
  };
  const tick = () => {
    show();
    if (!audio.paused) requestAnimationFrame(tick);
  };
  audio.onplay = tick;
  audio.onseeked = show;
  audio.ontimeupdate = () => {
    if (audio.paused) show();
    if (audio.currentTime > 5) keep(place, audio.ended ? 0 : audio.currentTime.toFixed(1));
  };
  const following = (on) => {
    follow.ariaPressed = String(on);
    if (on && current) bring(current);
  };
  // Who scrolls wants to read elsewhere.
  const away = () => !audio.paused && following(false);
  addEventListener("wheel", away, { passive: true });
  addEventListener("touchmove", away, { passive: true });

  // ---- clicks
  const clicked = (event) => {
    const span = event.target.closest("[data-t]");
    if (!span || String(getSelection())) return;
    const { clientX: x, clientY: y } = event;
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const node = caret?.offsetNode ?? range?.startContainer;
    const offset = caret?.offset ?? range?.startOffset ?? 0;
    const before = node === span.firstChild ? node.data.slice(0, offset) : "";
    const times = words(span);
    seek(times[Math.min((before.match(/\s+/g) ?? []).length, times.length - 1)], true);
  };
  text.addEventListener("click", clicked);
  links.forEach((link, number) => {
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      follow.ariaPressed = "true";
      seek(marks[number], true);
    };
  });

  // ---- buttons
  const rate = (value) => {
    audio.playbackRate = speed.value = value;
    keep("speed", value);
  };
  const faster = (step) => {
    const option = speed.options[speed.selectedIndex + step];
    if (option) rate(option.value);
  };
  const chapter = (step) => {
    const at = last(marks, audio.currentTime + 0.05);
    // As players do: back is first the beginning of this one.
    const back = step < 0 && audio.currentTime - marks[at] > 3 ? 0 : step;
    if (marks[at + back] !== undefined) seek(marks[at + back]);
  };
  const nearby = (step) => {
    const at = last(starts, audio.currentTime + 0.05) + step;
    if (starts[at] !== undefined) seek(starts[at]);
  };
  const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
  const share = async () => {
    history.replaceState(null, "", "#t=" + Math.floor(audio.currentTime));
    const button = $("[data-do=share]");
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "It is in the address bar";
    }
    setTimeout(() => (button.textContent = "Copy link"), 2500);
  };
  const skip = (seconds) => seek(audio.currentTime + seconds);
  const actions = {
    back: () => skip(-10),
    on: () => skip(10),
    follow: () => following(follow.ariaPressed !== "true"),
    share,
  };
  tools.onclick = (event) => actions[event.target.closest("[data-do]")?.dataset.do]?.();
  speed.onchange = () => rate(speed.value);
  audio.onratechange = () => {
    if ([...speed.options].some((option) => +option.value === audio.playbackRate)) {
      speed.value = String(audio.playbackRate);
    }
  };

  // ---- keys, never where they mean something else
  const bound = {
    " ": toggle, k: toggle,
    ArrowLeft: () => skip(-5), ArrowRight: () => skip(5),
    j: actions.back, l: actions.on,
    ",": () => nearby(-1), ".": () => nearby(1),
    p: () => chapter(-1), n: () => chapter(1),
    "<": () => faster(-1), ">": () => faster(1),
    f: actions.follow,
  };
  const enabled = keys.querySelector("input");
  enabled.checked = kept("keys") !== "off";
  enabled.onchange = () => keep("keys", enabled.checked ? "on" : "off");
  addEventListener("keydown", (event) => {
    if (!enabled.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target;
    if (on.closest("input, select, textarea, [contenteditable], audio")) return;
    if (event.key === " " && on.closest("button, summary, a")) return;
    const action = bound[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // ---- the phone's lock screen
  if ("mediaSession" in navigator && window.MediaMetadata) {
    const { artist, album, art } = audio.dataset;
    const title = $("h1").textContent;
    const artwork = [{ src: new URL(art, location).href, type: "image/jpeg" }];
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album, artwork });
    const handlers = {
      previoustrack: () => chapter(-1), nexttrack: () => chapter(1),
      seekbackward: actions.back, seekforward: actions.on,
    };
    for (const name in handlers) navigator.mediaSession.setActionHandler(name, handlers[name]);
  }

  // ---- where to begin: the address's #t=83, or #t=1:23, else where one stopped
  const linked = () => {
    const asked = location.hash.match(/^#t=([\d:.]+)/);
    return asked ? asked[1].split(":").reduce((sum, part) => sum * 60 + +part, 0) : NaN;
  };
  const go = (t) => {
    if (t >= 0) seek(t);
  };
  tools.hidden = keys.hidden = false;
  rate(kept("speed") && [...speed.options].some((o) => o.value === kept("speed")) ? kept("speed") : "1");
  document.body.classList.add("live");
  addEventListener("hashchange", () => go(linked()));
  if (linked() >= 0) go(linked());
  else if (+kept(place) > 5) audio.currentTime = +kept(place);
})();
