/** Readable at any width, in light and dark; controls at least 44 px high (WCAG 2.5.5). */
export const style = `
*{box-sizing:border-box}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff}
main{max-width:38rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
.field{border:0;margin:0 0 1.1rem;padding:0;min-width:0}
.field>label,legend{display:block;font-weight:600;margin:0 0 .3rem;padding:0}
.mark,.help{font-weight:400;color:#555}
.help{margin:.1rem 0 .35rem;font-size:.95rem}
input:not([type=checkbox]):not([type=radio]):not([type=file]),select,textarea{width:100%;min-height:2.75rem;padding:.55rem .7rem;font:inherit;color:inherit;background:transparent;border:1px solid #767676;border-radius:.35rem}
input[type=file]{display:block;width:100%;min-height:2.75rem;padding:.5rem 0;font:inherit}
select,option{background:#fff;color:#1b1b1b}
.choice{display:flex;gap:.6rem;align-items:flex-start;flex-wrap:wrap}
.choice input{width:1.3rem;height:1.3rem;margin:.25rem 0 .25rem .1rem;flex:none}
.choice label{font-weight:400;flex:1 1 12rem;padding:.1rem 0;margin:0}
.trap{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
:focus-visible{outline:3px solid #0b62c4;outline-offset:2px}
button{min-height:2.9rem;padding:.6rem 1.6rem;font:inherit;font-weight:600;color:#fff;background:#0b4f9e;border:0;border-radius:.35rem;cursor:pointer}
button:disabled{opacity:.65;cursor:default}
.status:empty{display:none}
progress{width:100%;margin:0 0 1rem}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}.mark,.help{color:#b5b5b5}input,select,textarea{border-color:#949494}select,option{background:#161616;color:#eee}button{background:#2f74c8}}
`
