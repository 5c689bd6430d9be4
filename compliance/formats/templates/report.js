(() => {
  const bar = document.getElementById("filter");
  const [words, status, count] = [bar.querySelector("input"), bar.querySelector("select"), bar.querySelector("output")];
  const items = [...document.querySelectorAll("details.item")].map((item) => ({ item, text: item.textContent.toLowerCase() }));
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, text } of items) {
      const fits = wanted.every((word) => text.includes(word)) &&
        (!status.value || (item.dataset.status || "").split(" ").includes(status.value));
      item.hidden = !fits;
      shown += fits;
    }
    count.textContent = wanted.length || status.value ? `${shown} of ${items.length} shown` : "";
  };
  bar.hidden = false;
  words.addEventListener("input", apply);
  status.addEventListener("input", apply);
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches("details")) target.open = true;
  };
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
  open();
})();
