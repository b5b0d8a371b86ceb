import { createHash } from 'node:crypto'

/** The look of a form, with the colours of the app's own screens. It loads nothing: a visitor's browser asks no one else. */
export const FORM_STYLE = `
:root{color-scheme:light dark;--bg:light-dark(oklch(.973 .003 235),oklch(.178 .008 230));--surface:light-dark(#fff,oklch(.216 .009 230));--field:light-dark(#fff,oklch(.192 .008 230));--line:light-dark(oklch(.912 .006 220),oklch(.302 .012 230));--edge:light-dark(oklch(.62 .012 225),oklch(.53 .016 230));--ink:light-dark(oklch(.235 .016 230),oklch(.945 .004 220));--soft:light-dark(oklch(.415 .017 230),oklch(.79 .009 225));--faint:light-dark(oklch(.515 .016 230),oklch(.685 .012 225));--accent:light-dark(oklch(.492 .092 218),oklch(.755 .098 211));--strong:light-dark(oklch(.428 .084 219),oklch(.82 .092 209));--on-accent:light-dark(#fff,oklch(.19 .03 220));--tint:light-dark(oklch(.953 .018 214),oklch(.29 .04 216));--ring:light-dark(oklch(.6 .11 215),oklch(.72 .11 210));--error:light-dark(oklch(.53 .19 25),oklch(.755 .135 22));--error-soft:light-dark(oklch(.957 .022 20),oklch(.272 .048 22));--good:light-dark(oklch(.5 .118 152),oklch(.775 .145 154))}
*{box-sizing:border-box}
body{margin:0;padding:32px 16px;background:var(--bg);color:var(--ink);font:15px/1.45 "Inter Variable",Inter,system-ui,sans-serif}
main{max-width:608px;margin:0 auto;background:var(--surface);border:1px solid var(--line);border-radius:10px;box-shadow:0 1px 2px rgb(0 0 0/6%)}
header{padding:26px 32px 20px;border-bottom:1px solid var(--line)}
h1{margin:0;font-size:21px;line-height:28px;font-weight:600;letter-spacing:-.015em;overflow-wrap:anywhere}
header p{margin:4px 0 0;color:var(--soft);white-space:pre-line;overflow-wrap:anywhere}
form,.done{padding:20px 32px 24px}
.grid{display:grid;grid-template-columns:1fr 1fr;gap:20px 16px}
.field{grid-column:1/-1;min-width:0;margin:0;padding:0;border:0}
.field.half{grid-column:auto}
label,legend{display:block;padding:0;font-size:13px;line-height:20px;font-weight:600;overflow-wrap:anywhere}
label small,legend small{font-size:13px;font-weight:400;color:var(--soft)}
.help{margin:0;font-size:13px;color:var(--soft);overflow-wrap:anywhere}
.help+*,label+input,label+textarea,label+select,legend+.options,label+.kept{margin-top:6px}
input:not([type=radio],[type=checkbox],[type=file],[type=hidden]),textarea,select{display:block;width:100%;height:40px;padding:0 12px;border:1px solid var(--edge);border-radius:6px;background:var(--field);color:inherit;font:inherit}
textarea{height:auto;min-height:112px;padding:9px 12px;resize:vertical}
input[type=file]{display:block;width:100%;padding:9px 12px;border:1px solid var(--edge);border-radius:6px;background:var(--field);font:inherit;color:var(--soft)}
input[type=file]::file-selector-button{margin:-2px 12px -2px -2px;padding:3px 10px;border:1px solid var(--line);border-radius:4px;background:var(--bg);color:var(--ink);font:inherit;font-size:13px}
.options{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px}
.option,.tick{display:flex;align-items:center;gap:10px;min-height:40px;padding:8px 12px;border:1px solid var(--edge);border-radius:6px;background:var(--field);font-size:15px;font-weight:400;cursor:pointer}
.option:has(:checked){border-color:var(--accent);background:var(--tint)}
.tick{border:0;background:none;padding:4px 0;min-height:32px}
input[type=radio],input[type=checkbox]{flex:none;width:16px;height:16px;margin:0;accent-color:var(--accent)}
:is(input,textarea,select,button,a):focus-visible,.option:has(:focus-visible){outline:2px solid var(--ring);outline-offset:1px}
.option:has(:focus-visible) input{outline:0}
[aria-invalid=true]:not(fieldset),fieldset[aria-invalid=true] .option{border-color:var(--error)!important}
.error{display:flex;gap:6px;margin:6px 0 0;font-size:13px;line-height:20px;color:var(--error)}
.error svg,.summary svg{flex:none;margin-top:3px}
.summary{display:flex;gap:10px;margin:0 0 22px;padding:8px 12px;border-radius:6px;background:var(--error-soft);color:var(--error);font-size:13px;line-height:20px}
.summary a{color:inherit;font-weight:600}
.kept{margin-bottom:8px;padding:9px 12px;border:1px solid var(--edge);border-radius:6px}
.kept b{display:block;font-size:13px;font-weight:600;overflow-wrap:anywhere}
.kept span{font-size:12px;color:var(--soft)}
.send{margin-top:24px}
button{height:40px;padding:0 20px;border:0;border-radius:6px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
button:hover{background:var(--strong)}
button.other{border:1px solid var(--edge);background:var(--field);color:var(--ink)}
button.other:hover{background:var(--bg)}
.send{display:flex;flex-wrap:wrap;gap:8px 10px}
.details{margin:0 0 22px;padding:4px 14px;border:1px solid var(--line);border-radius:6px;background:var(--bg);font-size:13px;line-height:20px}
.details div{display:grid;grid-template-columns:minmax(90px,30%) 1fr;gap:12px;padding:6px 0;border-top:1px solid var(--line)}
.details div:first-child{border-top:0}
.details dt{color:var(--soft);overflow-wrap:anywhere}
.details dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}
.details pre{margin:6px 0;font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
.go{margin:0;padding:20px 32px 26px}
.go a{color:var(--accent);font-weight:600}
.done{display:flex;gap:14px}
.done svg{flex:none;margin-top:1px;color:var(--good)}
.done p{margin:0 0 8px;white-space:pre-line;overflow-wrap:anywhere}
.done p:last-child{margin:0;font-size:13px;color:var(--soft)}
footer{max-width:720px;margin:16px auto 0;text-align:center;font-size:12px;line-height:18px;color:var(--faint)}
@media(max-width:640px){body{padding:0;background:var(--surface)}main{border:0;border-radius:0;box-shadow:none}header,form,.done{padding-left:16px;padding-right:16px}.grid,.options{grid-template-columns:1fr}.field.half{grid-column:1/-1}.send button{width:100%}footer{padding:0 16px 24px}}
`.trim()

/** What a policy has to name for the style to count. */
export const FORM_STYLE_HASH = `'sha256-${createHash('sha256').update(FORM_STYLE).digest('base64')}'`
