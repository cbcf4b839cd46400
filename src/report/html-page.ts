/** Style and script of the HTML report: constants, so that nothing of a result ever stands in either. */

export const HTML_STYLE = `
:root{--bg:#f7f7f5;--fg:#1d1f21;--dim:#62676c;--line:#dcdcd8;--card:#fff;--critical:#b3261e;--high:#c2410c;--medium:#946200;--low:#33639a;--info:#62676c;--known:#62676c;--clean:#2a7448;--on:#fff;
--heap:#e4b363;--stack:#7aa6d6;--image:#b7a8d9;--mapped:#8fc1a9;--memory:#d9cfa3;--environment:#e08f8f;--registers:#6f8fa8;--stream:#c9b79c;--file:#c4c7ca;--raw:#e6e7e8;--hatch:#1d1f21}
@media screen and (prefers-color-scheme:dark){:root{--bg:#17191b;--fg:#e6e6e3;--dim:#a2a7ac;--line:#383c40;--card:#1f2225;--critical:#ff8a80;--high:#ffab70;--medium:#e6c15a;--low:#8ab8ea;--info:#a2a7ac;--known:#a2a7ac;--clean:#7fd1a0;--on:#17191b;
--heap:#a97c35;--stack:#40699a;--image:#6f619a;--mapped:#4b8268;--memory:#847a4c;--environment:#a15454;--registers:#48657c;--stream:#7b6b52;--file:#565b60;--raw:#2c3034;--hatch:#e6e6e3}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{background:var(--card);border-top:6px solid var(--tone);border-bottom:1px solid var(--line)}header>div,main{max-width:76rem;margin:auto;padding:1.25rem 1.5rem}
.clean{--tone:var(--clean)}.findings,.critical{--tone:var(--critical)}.incomplete,.medium{--tone:var(--medium)}.high{--tone:var(--high)}.low{--tone:var(--low)}.info,.known{--tone:var(--info)}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .35rem}h2{font-size:1.15rem;margin:2rem 0 .75rem}main>section:first-child h2{margin-top:.5rem}h3{font-size:1rem;margin:0 0 .5rem;display:flex;flex-wrap:wrap;align-items:baseline;gap:.35rem .6rem;overflow-wrap:anywhere}
.meta,.more,.scale,dt{color:var(--dim)}.meta{font-size:13px}p{margin:.25rem 0}code,.id{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.tag{background:var(--tone);color:var(--on);border-radius:3px;padding:.05rem .45rem;font-size:11.5px;font-weight:600;line-height:1.6;text-transform:uppercase;letter-spacing:.03em;white-space:nowrap}
.counts{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:.75rem 0 .25rem;padding:0}
figure{margin:0 0 1.25rem;break-inside:avoid}figcaption{margin-bottom:.25rem;overflow-wrap:anywhere;color:var(--dim);font-size:14px}figcaption b{color:var(--fg)}
.map{position:relative;height:2.25rem;background:var(--raw);border:1px solid var(--line);border-radius:3px;overflow:hidden;margin-top:.35rem}
.map i,.map a{position:absolute;top:0;bottom:0;min-width:1px}.map a.t{width:3px;margin-left:-1px;background:var(--critical);outline:1px solid var(--card)}.map a.t:hover,.map a.t:focus{width:7px;margin-left:-3px;z-index:1}.map a.t.known{background:var(--known)}
.scale{display:flex;justify-content:space-between;font-size:12px}
.r.heap{background:var(--heap)}.r.stack{background:var(--stack)}.r.image{background:var(--image)}.r.mapped{background:var(--mapped)}.r.memory{background:var(--memory)}
.r.environment{background:var(--environment)}.r.registers{background:var(--registers)}.r.stream{background:var(--stream)}.r.file{background:var(--file)}.r.raw{background:var(--raw)}
.g{background:repeating-linear-gradient(45deg,transparent 0 4px,var(--hatch) 4px 6px);opacity:.6}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding:0;margin:0 0 1rem;font-size:13px}.legend i{display:inline-block;width:.9rem;height:.9rem;margin-right:.4rem;vertical-align:-2px;border:1px solid var(--line);border-radius:2px}.legend i.t{background:var(--critical)}.legend i.t.known{background:var(--known)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:0}.facts div{background:var(--card);border:1px solid var(--line);border-radius:4px;padding:.5rem .75rem}.facts dt{font-size:13px}dd{margin:0;overflow-wrap:anywhere}.facts dd{font-size:1.15rem;line-height:1.35}.facts small{display:block;color:var(--dim);font-size:13px}
.f,.gap{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:4px;padding:.8rem 1rem .6rem;margin-bottom:.75rem}.f:target{outline:2px solid var(--low);outline-offset:1px}.gap{--tone:var(--medium);padding:.6rem 1rem}
.f>dl{margin:0}.f>dl div{display:grid;grid-template-columns:9rem 1fr;gap:.5rem}.f dt{font-size:14px}.f>dl .id{padding-top:1px}.do{margin:.6rem 0;border-left:3px solid var(--line);padding-left:.75rem}
summary{cursor:pointer}summary::marker{color:var(--dim)}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px;margin:.4rem 0}th{text-align:left;color:var(--dim);font-weight:500}td,th{padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}tr:last-child td{border-bottom:0}.f td:nth-child(2),.f td:nth-child(3),.f td:nth-child(6){white-space:nowrap}.f td:nth-child(1){min-width:10rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-bottom:.9rem}.tools[hidden]{display:none}input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:3px;padding:.25rem .5rem}input[type=search]{width:17rem;max-width:100%}output{color:var(--dim);font-size:13px}
a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible{outline:2px solid var(--low);outline-offset:1px}
@media (max-width:40rem){.f>dl div{grid-template-columns:1fr;gap:0;margin-bottom:.35rem}header>div,main{padding:1rem}}
@page{margin:14mm 12mm}
@media print{:root{--bg:#fff;--fg:#000;--card:#fff;--dim:#444}body{font-size:10pt}header>div,main{max-width:none;padding:.6rem 0}.tools{display:none}h2{break-after:avoid}h3,.f>dl{break-inside:avoid;break-after:avoid}tr{break-inside:avoid}code,.id,table{font-size:8pt}.f dt{font-size:9pt}.map{height:1.6rem}.facts{grid-template-columns:repeat(4,1fr)}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

export const HTML_SCRIPT = `
(() => {
  // What is folded is printed as well.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    for (const part of folded) part.open = true;
  });
  addEventListener('afterprint', () => {
    for (const part of folded) part.open = false;
  });
  const form = document.querySelector('.tools');
  const list = document.getElementById('findings');
  if (!form || !list) return;
  form.hidden = false;
  const cards = [...list.children];
  const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const apply = () => {
    const wanted = form.elements.text.value.trim().toLowerCase();
    const verdict = form.elements.verdict.value;
    const sort = form.elements.sort.value;
    let shown = 0;
    for (const card of cards) {
      card.hidden = !texts.get(card).includes(wanted) || (verdict !== '' && card.dataset.verdict !== verdict);
      if (!card.hidden) shown++;
    }
    const by = sort === 'places' ? (a, b) => b.dataset.places - a.dataset.places : (a, b) => a.dataset.order - b.dataset.order;
    list.append(...[...cards].sort(by));
    form.querySelector('output').textContent = shown + ' of ' + cards.length;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
})();
`;
