import { raw } from 'hono/html'

/** The look of the front page: the reader's own fonts and colour scheme; one column on a phone. */
export const style = raw(`
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#8a8a8a;--accent:#0b4f9e;--on-accent:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--line:#7d7d7d;--accent:#8cc2ff;--on-accent:#10233a}}
*{box-sizing:border-box}
body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main,footer{max-width:42rem;margin:0 auto;padding:0 1.25rem}
main{padding-top:clamp(1.5rem,8vh,5rem)}
h1{font-size:2.25rem;line-height:1.15;margin:0 0 .5rem}
h2{font-size:1.375rem;line-height:1.3;margin:2.5rem 0 .5rem}
.lead{font-size:1.25rem;line-height:1.45;margin-top:0}
a{color:var(--accent)}
form{display:grid;gap:1rem;margin:1.5rem 0 2rem}
.pair{display:grid;gap:1rem}
@media(min-width:34rem){.pair{grid-template-columns:1fr 1fr}}
label{display:grid;gap:.25rem;font-weight:600}
input,select,textarea,button{font:inherit;color:inherit;border-radius:.375rem;min-height:2.75rem;padding:.5rem .75rem}
input,select,textarea{width:100%;font-weight:400;background:var(--paper);border:1px solid var(--line)}
textarea{resize:vertical}
button{justify-self:start;padding-inline:2rem;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.trap{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
footer ul{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;list-style:none;margin:1rem 0 2rem;padding:1rem 0 0;border-top:1px solid var(--line)}
code{font-size:.9375em}
`)
