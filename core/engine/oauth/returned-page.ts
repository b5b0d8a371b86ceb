import { createHash } from 'node:crypto'

/** What a browser is shown that came back from a sign-in. It loads nothing, and runs nothing. */
export type ReturnedPage = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const STYLE = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(oklch(.973 .003 235),oklch(.178 .008 230));color:light-dark(oklch(.235 .016 230),oklch(.945 .004 220));font:15px/1.45 "Inter Variable",Inter,system-ui,sans-serif}main{max-width:416px;margin:16px;padding:28px 32px;background:light-dark(#fff,oklch(.216 .009 230));border:1px solid light-dark(oklch(.912 .006 220),oklch(.302 .012 230));border-radius:10px}h1{margin:0 0 8px;font-size:21px;line-height:28px;font-weight:600;letter-spacing:-.015em}p{margin:0;color:light-dark(oklch(.415 .017 230),oklch(.79 .009 225));overflow-wrap:anywhere}`
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** A page of one heading and one sentence. */
export function returnedPage(status: number, heading: string, text: string): ReturnedPage {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(heading)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body><main role="status"><h1>${escaped(heading)}</h1><p>${escaped(text)}</p></main></body>
</html>`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src ${STYLE_HASH}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      // The address of this page has the code in it.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
}
