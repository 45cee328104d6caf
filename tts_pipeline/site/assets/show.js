// The feed's address to the clipboard, and a search over all titles and authors.
(() => {
  "use strict";
  const $ = (query) => document.querySelector(query);

  const copy = $("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    const label = copy.textContent;
    copy.hidden = false;
    copy.onclick = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // where the page was not served over https
      }
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = label), 2000);
    };
  }

  const MOST = 100;
  const form = $("form[role=search]");
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const found = $("#found");
  const all = $("#all");
  // Letters without their accents, in small letters; by way of capitals, which write ß as two.
  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase();
  let index;
  let pictured;

  const load = () =>
    (index ??= fetch(form.dataset.index)
      .then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      })
      .then(({ authors, episodes }) => {
        const names = authors.map(plain);
        pictured = episodes.some((episode) => episode[5]);
        return episodes.map(([slug, title, author, date, seconds, cover]) => ({
          slug, title, date, seconds, cover, author: authors[author],
          words: plain(title) + "\n" + names[author],
        }));
      })
      .catch((error) => {
        index = undefined;
        throw error;
      }));

  const day = (date) =>
    new Date(date + "T00:00Z").toLocaleDateString("en-GB", {
      day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
    });
  const length = (seconds) => {
    if (seconds < 59.5) return seconds + "\u00a0s";
    const minutes = Math.round(seconds / 60);
    const hours = Math.floor(minutes / 60);
    return [hours && hours + "\u00a0h", minutes % 60 && (minutes % 60) + "\u00a0min"]
      .filter(Boolean).join("\u00a0");
  };
  const make = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text ?? "";
    return element;
  };
  const line = (episode) => {
    const item = make("li");
    if (pictured) {
      item.className = "pictured";
      const picture = item.appendChild(make("img"));
      picture.loading = "lazy";
      picture.width = picture.height = 72;
      picture.alt = "";
      picture.src = episode.cover ? "../assets/" + episode.slug + episode.cover : $(".cover").src;
    }
    const link = item.appendChild(make("a", episode.title));
    link.href = "../episodes/" + encodeURIComponent(episode.slug) + "/";
    link.dir = "auto";
    const about = item.appendChild(make("p"));
    if (episode.author) {
      const author = make("span", episode.author);
      author.dir = "auto";
      about.append(author, " · ");
    }
    const time = make("time", day(episode.date));
    time.dateTime = episode.date;
    about.append(time, " · " + length(episode.seconds));
    return item;
  };

  const search = async () => {
    const asked = input.value;
    const terms = plain(asked).split(/\s+/).filter(Boolean);
    let hits = [];
    if (terms.length) {
      try {
        hits = (await load()).filter(({ words }) => terms.every((term) => words.includes(term)));
      } catch {
        status.textContent = "The list of titles could not be fetched. Try again.";
        return;
      }
      if (asked !== input.value) return; // overtaken while it was fetched
    }
    found.replaceChildren(...hits.slice(0, MOST).map(line));
    found.hidden = !terms.length;
    all.hidden = !!terms.length;
    status.textContent = !terms.length ? ""
      : hits.length > MOST ? `${hits.length} found, the newest ${MOST} are shown`
      : hits.length ? `${hits.length} found`
      : "Nothing found";
    const address = new URL(location);
    if (terms.length) address.searchParams.set("q", asked);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  };

  let soon;
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    search();
  };
  input.onfocus = () => load().catch(() => {});
  input.oninput = () => {
    clearTimeout(soon);
    soon = setTimeout(search, 120);
  };
  input.value = new URL(location).searchParams.get("q") ?? "";
  if (input.value) search();
})();
