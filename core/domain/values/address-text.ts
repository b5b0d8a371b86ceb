/** An address of which no one knows whether it is one, without what could be a secret in it: for messages. */
export function shownAddress(text: string): string {
  return withoutSignIn(text.slice(0, 2_000))
    .replace(/[?#].*$/s, '')
    .slice(0, 200)
}

/** An address as it is written, without a user and password in it. */
export function withoutSignIn(text: string): string {
  // Nearly every address is without, and this is asked of each step's.
  if (!text.includes('@')) return text
  return text.replace(/^(\s*(?:[a-z][a-z0-9+.-]{0,20}:)?[\\/]{2})[^\\/?#]*@/i, '$1••••@')
}

/** The user and password that an address holds, as the header that browsers make of them, and the address without. */
export function takeSignIn(url: URL): { url: URL; user: string; password: string; header: string | null } {
  if (url.username === '' && url.password === '') return { url, user: '', password: '', header: null }
  const user = decode(url.username)
  const password = decode(url.password)
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  let binary = ''
  for (const byte of new TextEncoder().encode(`${user}:${password}`)) binary += String.fromCharCode(byte)
  return { url: bare, user, password, header: `Basic ${btoa(binary)}` }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a per cent sign that stands for itself
  }
}

/** A text as one part of an address. Halves of characters, which data of elsewhere may have, become the sign for what cannot be read. */
export function encodedPart(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
