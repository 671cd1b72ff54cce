/** Style of the report, for light and dark, screen and paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b2430;--soft:#566172;--line:#dfe3ea;--good:#0b6b3a;--good-bg:#e3f5ea;--bad:#a61b1b;--bad-bg:#fdeaea;--code:#eef1f5}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--text:#e6eaf0;--soft:#a3aebd;--line:#2d3643;--good:#6fd79c;--good-bg:#11301f;--bad:#ff9c9c;--bad-bg:#3a1a1c;--code:#252d39}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,sans-serif}
header,details,.findings li{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
header{padding:1.4rem 1.5rem;border-left:.5rem solid var(--good)}
header.bad{border-left-color:var(--bad)}
h1{margin:0;font-size:1.05rem;font-weight:600;color:var(--soft)}
.verdict{margin:.1rem 0 .4rem;font-size:1.9rem;font-weight:700;line-height:1.2;color:var(--good)}
.bad .verdict{color:var(--bad)}
header p{margin:0;color:var(--soft)}
.nowrap{overflow-wrap:anywhere}
dl{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0 0}
dl div{padding:.35rem .9rem;border-radius:.5rem;background:var(--code);display:flex;gap:.5rem;align-items:baseline}
dt{color:var(--soft)}dd{margin:0;font-weight:700}
dl .passed dd{color:var(--good)}dl .failed dd{color:var(--bad)}
h2{margin:2rem 0 .7rem;font-size:1.2rem}
.findings{margin:0;padding:0;list-style:none;counter-reset:finding}
.findings li{padding:.9rem 1.1rem;margin-bottom:.6rem;border-left:.3rem solid var(--bad);overflow-wrap:anywhere}
.findings p{margin:0}.case{color:var(--soft);font-size:.9rem;margin-top:.3rem!important}
details{margin-bottom:.6rem;overflow:hidden}
summary{cursor:pointer;padding:.7rem 1.1rem;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
summary:focus-visible{outline:3px solid var(--good);outline-offset:-3px}
summary::before{content:"▸";color:var(--soft)}details[open] summary::before{content:"▾"}
summary code{background:none;padding:0;font-weight:600;overflow-wrap:anywhere}
.hop{font-size:.8rem;padding:.05rem .45rem;border-radius:1rem;background:var(--code);color:var(--soft)}
.tally{margin-left:auto;font-weight:600}.tally.passed{color:var(--good)}.tally.failed{color:var(--bad)}
ul{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
ul li{display:grid;grid-template-columns:5rem 1fr auto;gap:.8rem;padding:.45rem 1.1rem;align-items:baseline}
ul li+li{border-top:1px solid var(--line)}
.mark{font-size:.82rem;font-weight:600;text-align:center;border-radius:1rem;padding:.05rem .4rem;color:var(--soft);background:var(--code)}
.passed .mark{color:var(--good);background:var(--good-bg)}.failed .mark{color:var(--bad);background:var(--bad-bg)}
.page{color:var(--soft);font-size:.82rem}
code{font:.92em ui-monospace,monospace;background:var(--code);padding:.05em .3em;border-radius:.25rem;overflow-wrap:anywhere}
@media (max-width:40rem){ul li{grid-template-columns:5rem 1fr}.page{grid-column:2}}
@media print{body{background:none}details{break-inside:avoid}}
`;
