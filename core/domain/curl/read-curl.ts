import { asShown, type Command, hasMark, MOST_CHARS, type Stdin, withoutMarks, withoutPrompts } from './command-text.ts'
import { type CurlOption, curlOptions, splitOnce } from './curl-options.ts'
import { type CurlPart, partText, plainPart } from './curl-parts.ts'
import { posixCommand, unknownOutput } from './posix-words.ts'
import { powerShellCommand, promptCommand } from './windows-words.ts'

/** What a curl line sends. Variables of the shell stand in its texts as marks. */
export type CurlRequest = {
  readonly method: string
  readonly url: string
  /** By their names as they were written; null takes one away that curl sends by itself. */
  readonly headers: readonly (readonly [name: string, value: string | null])[]
  readonly body: CurlBody | null
  /** `user:password`. */
  readonly user: string | undefined
  readonly proxy: string | undefined
  readonly isInsecure: boolean
  /** It keeps the answer as a file. */
  readonly isDownload: boolean
  readonly problems: readonly string[]
}

/** `isUpload`: sent without saying of what type it is. */
export type CurlBody =
  | { readonly kind: 'data'; readonly text: string; readonly pieces: number; readonly isUpload: boolean }
  | { readonly kind: 'file'; readonly path: string; readonly isUpload: boolean }
  | { readonly kind: 'parts'; readonly parts: readonly CurlPart[] }

/** Reads a line of curl as the shell and curl do that it was written for. Nothing of it is run. Null when there is none in the text. */
export function readCurl(pasted: string): CurlRequest | null {
  if (pasted.length > MOST_CHARS) return null
  const whole = straightQuotes(withoutMarks(pasted)).trim()
  const text = withoutPrompts(whole).trim()
  // What was copied into one line keeps the signs of its line ends.
  const command = commandOf(
    text.includes('\n') ? text : text.replace(/ [\\^`] {1,20}(?=-{1,2}[A-Za-z])/g, ' '),
    /^PS [A-Za-z]:|^(?:```|~~~) {0,3}(?:powershell|pwsh|ps1)\s/i.test(whole),
  )
  return command && new CurlReader(command).request()
}

/** Which shell a text is for, by what only that one has; `isNamed`: what stands around it says that it is PowerShell. */
function commandOf(text: string, isNamed: boolean): Command | null {
  const isPowerShell =
    isNamed ||
    /`[ \t]{0,20}\n|\$env:|@['"][ \t]{0,20}\n/i.test(text) ||
    /^\s*curl\.exe\s[^"]{0,2000}'/i.test(text) ||
    /^\s*\$[A-Za-z_]\w{0,60} {0,5}=/.test(text) ||
    /^\s*(?:& )?curl\.exe\s[^`]{0,2000}`"/i.test(text)
  // What stands behind this sign PowerShell hands on as it is.
  if (/^\s*curl(?:\.exe)? --% /i.test(text)) return promptCommand(text.replace(' --% ', ' '), isCurl)
  if (isPowerShell) return powerShellCommand(text, isCurl)
  const isPosix = /\\[ \t]{0,20}\n|\$'/.test(text)
  const hasCarets = /\^[ \t]{0,20}\n|\^["&%{}]/.test(text)
  // `%C3%` is a part of an address.
  const hasVariables = !text.includes("'") && /%(?![0-9A-Fa-f]{2}%)[A-Za-z_]\w{0,100}%/.test(text)
  return !isPosix && (hasCarets || hasVariables) ? promptCommand(text, isCurl) : posixWords(text)
}

/** The command of a text for bash; also of one that keeps what it writes (`X=$(curl …)`), and of one that is commented out. */
function posixWords(text: string): Command | null {
  const found = posixCommand(text, isCurl)
  if (found !== null) return found
  const kept = /\$\(\s{0,200}(?=curl\b)/.exec(text)
  if (kept !== null) return posixCommand(text.slice(kept.index + kept[0].length), isCurl)
  const lines = text.split('\n')
  return lines.every((line) => /^\s*(?:#|$)/.test(line))
    ? posixCommand(lines.map(uncommented).join('\n'), isCurl)
    : null
}

const uncommented = (line: string): string => line.trimStart().replace(/^# ?/, '')

const isCurl = (word: string): boolean => /^(?:\S*[/\\])?curl(?:\.exe)?$/i.test(word)

/** Quotes that a text processor has bent, where there are no straight ones. */
function straightQuotes(text: string): string {
  return /['"]/.test(text) ? text : text.replace(/[\u201c\u201d\u201e]/g, '"').replace(/[\u2018\u2019]/g, "'")
}

/** Whether what is written there is a file to keep, and not an answer to be read. */
const isFileName = (name: string): boolean =>
  /\.[a-z0-9]{1,8}$/i.test(name) && !/\.(?:json|txt|html?|xml|log|out|headers?)$/i.test(name)

/** Options by which curl does something that a step cannot do, in words. */
const CANNOT: Readonly<Record<string, string>> = {
  digest: 'signs in by Digest, which a step cannot',
  ntlm: 'signs in by NTLM, which a step cannot',
  negotiate: 'signs in by Kerberos, which a step cannot',
  anyauth: 'lets the server choose how to sign in; the step signs in with user and password',
  'aws-sigv4': 'signs for AWS, which this step cannot',
  netrc: 'reads user and password from a file of curl: make a credential of them',
  cert: 'shows a certificate of yours, which this step cannot',
  cacert: 'trusts a certificate in a file: paste it under "tls" of the step',
  'unix-socket': 'calls a socket of this computer, which a step cannot',
  'abstract-unix-socket': 'calls a socket of this computer, which a step cannot',
  resolve: 'sends the name of the host to another address, which a step cannot',
  'connect-to': 'sends the name of the host to another address, which a step cannot',
  config: 'reads more options from a file: add them here',
  'max-time': 'is left out: set the time limit in the settings of the step',
  'max-redirs': 'is left out: a step follows ten redirects at most',
  'request-target': 'asks for another path than that of the address, which a step cannot',
}

class CurlReader {
  readonly #stdin: Stdin | undefined
  readonly #options: readonly CurlOption[]
  readonly #problems: Set<string>

  constructor({ words, stdin, problems }: Command) {
    this.#stdin = stdin
    this.#problems = new Set(problems)
    const all = curlOptions(words)
    const next = all.findIndex(({ name }) => name === 'next')
    if (next >= 0) this.#problems.add('The line sends several requests (--next): this is the first of them.')
    this.#options = next < 0 ? all : all.slice(0, next)
  }

  request(): CurlRequest {
    for (const { name } of this.#options) {
      const word = Object.hasOwn(CANNOT, name) ? CANNOT[name] : undefined
      if (word !== undefined) this.#problems.add(`"--${name}" ${word}.`)
    }
    const { url, user } = this.#address()
    const headers = this.#headers()
    const given = this.#body()
    const upload = this.#last('upload-file')
    const isGet = this.#has('get')
    const body = upload === undefined ? (isGet ? null : given) : this.#upload(upload)
    const isHead = this.#has('head')
    const method = isHead ? 'HEAD' : upload !== undefined ? 'PUT' : body !== null ? 'POST' : 'GET'
    const target = upload === undefined ? url : withFileName(url, upload)
    return {
      method: (this.#last('request') || method).toUpperCase(),
      url: withQuery(target, [
        ...(isGet && given?.kind === 'data' && given.text !== '' ? [given.text] : []),
        ...this.#all('url-query').map((text) => (text.startsWith('+') ? text.slice(1) : urlEncoded(text))),
      ]),
      headers,
      body,
      user,
      proxy: this.#last('proxy'),
      isInsecure: this.#has('insecure'),
      isDownload: this.#has('remote-name') || isFileName(this.#last('output') ?? ''),
      problems: [...this.#problems],
    }
  }

  #all(...names: string[]): string[] {
    return this.#options.filter(({ name }) => names.includes(name)).map(({ value }) => value)
  }
  #last(...names: string[]): string | undefined {
    return this.#all(...names).at(-1)
  }
  #has(name: string): boolean {
    return this.#options.some((option) => option.name === name)
  }

  #address(): { url: string; user: string | undefined } {
    const [first = '', ...more] = this.#all('url').filter((url) => url !== '')
    if (first === '') this.#problems.add('The line names no address: fill it in.')
    if (more.length > 0) this.#problems.add(`The line calls ${more.length + 1} addresses: this is the first of them.`)
    const plain = this.#has('globoff') ? first : this.#firstOf(first)
    const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(plain)
    const scheme = hasScheme ? '' : hasMark(plain.slice(0, 1)) || plain === '' ? '' : 'http://'
    const whole = `${scheme}${plain}`
    if (/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i.test(whole))
      this.#problems.add(`"${asShown(whole).slice(0, 60)}" is not called by HTTP: a step of this kind cannot.`)
    const [, start = '', signIn, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@([\s\S]*)$/i.exec(whole) ?? []
    const password = this.#last('user')
    const own = password === undefined && signIn !== undefined ? decoded(signIn) : password
    return { url: signIn === undefined ? whole : `${start}${rest}`, user: own }
  }

  /** curl takes `{a,b}` and `[1-3]` in an address for several addresses; `{a}` for one without the braces. */
  #firstOf(url: string): string {
    return url.replace(
      /\{([^{}]*)\}|\[(\d+|[A-Za-z])-(?:\d+|[A-Za-z])(?::\d+)?\]/g,
      (all, list?: string, from?: string) => {
        if (list === undefined) {
          this.#problems.add(`"${all}" in the address stands for several addresses: this is the first of them.`)
          return from ?? all
        }
        const [first = ''] = list.split(',')
        this.#problems.add(
          list.includes(',')
            ? `"${asShown(all)}" in the address stands for several addresses: this is the first of them.`
            : `"${asShown(list)}" in the address stands for something of yours, it seems: fill it in.`,
        )
        return first
      },
    )
  }

  #headers(): (readonly [string, string | null])[] {
    const headers: (readonly [string, string | null])[] = []
    const has = (name: string): boolean => headers.some(([known]) => known.toLowerCase() === name)
    for (const line of this.#all('header')) {
      if (line.startsWith('@')) {
        this.#problems.add(`The headers in the file "${asShown(line.slice(1))}" are not known here: add them.`)
        continue
      }
      const [name, value] = splitOnce(line, ':')
      if (value !== undefined) {
        if (name.trim() !== '') headers.push([name.trim(), value.trim() === '' ? null : value.trim()])
      } else if (line.trimEnd().endsWith(';')) headers.push([line.trim().slice(0, -1).trim(), ''])
      else if (line.trim() !== '') this.#problems.add(`"${asShown(line).slice(0, 60)}" is no header: it has no colon.`)
    }
    const add = (name: string, value: string | undefined): void => {
      if (value !== undefined && !has(name.toLowerCase())) headers.push([name, value])
    }
    const cookies = this.#all('cookie').filter((cookie) => {
      const isText = cookie.includes('=')
      if (!isText && cookie !== '')
        this.#problems.add(
          `The cookies in the file "${asShown(cookie)}" are not known here: add them as the header Cookie.`,
        )
      return isText
    })
    if (cookies.length > 0) add('Cookie', cookies.join('; '))
    const agent = this.#last('user-agent')
    // An empty one is not sent.
    if (agent === '') headers.push(['User-Agent', null])
    add('User-Agent', agent)
    add('Referer', this.#last('referer')?.replace(/;auto$/, '') || undefined)
    const range = this.#last('range')
    add('Range', range === undefined ? undefined : `bytes=${range}`)
    const bearer = this.#last('oauth2-bearer')
    add('Authorization', bearer === undefined ? undefined : `Bearer ${bearer}`)
    if (this.#has('json')) {
      add('Content-Type', 'application/json')
      add('Accept', 'application/json')
    }
    return headers
  }

  #body(): CurlBody | null {
    const parts = this.#options.flatMap(({ name, value }) =>
      name === 'form' ? this.#part(value) : name === 'form-string' ? plainPart(value) : [],
    )
    if (parts.length > 0) return { kind: 'parts', parts }
    const pieces = this.#options.flatMap(({ name, value }) => this.#data(name, value))
    if (pieces.length === 0) return null
    const file = pieces.find((piece) => 'file' in piece)
    if (file === undefined) {
      // What is given by --json is put together without a sign between.
      const text = pieces.map((piece) => ('text' in piece ? piece.text : '')).join(this.#has('json') ? '' : '&')
      return { kind: 'data', text, pieces: pieces.length, isUpload: false }
    }
    if (pieces.length > 1 || this.#has('get'))
      this.#problems.add(
        `The body is put together with the file "${asShown(file.file)}", which a step cannot: it sends the file alone.`,
      )
    return { kind: 'file', path: file.file, isUpload: false }
  }

  #data(name: string, value: string): Stdin[] {
    const [, read] = /^\$\((?:cat |<) {0,20}([^\s$()<>|;&'"]+)\)$/.exec(value) ?? []
    if (read !== undefined && name !== 'data-urlencode') {
      this.#problems.delete(unknownOutput(value))
      return [{ file: read }]
    }
    switch (name) {
      case 'data':
      case 'data-ascii':
        return value.startsWith('@') ? this.#file(value.slice(1), true) : [{ text: value }]
      case 'data-binary':
      case 'json':
        return value.startsWith('@') ? this.#file(value.slice(1), false) : [{ text: value }]
      case 'data-raw':
        return [{ text: value }]
      case 'data-urlencode': {
        const [before, file] = /^[^=]*@/.test(value) ? splitOnce(value, '@') : [value, undefined]
        if (file === undefined) return [{ text: urlEncoded(value) }]
        this.#problems.add(`What the file "${asShown(file)}" holds is not known here: put it in place of its name.`)
        return [{ text: `${before === '' ? '' : `${before}=`}${urlEncoded(`=${file}`)}` }]
      }
      default:
        return []
    }
  }

  /** `isLine`: curl takes line breaks out of what it reads. */
  #file(name: string, isLine: boolean): Stdin[] {
    if (name !== '-') return [{ file: name }]
    const stdin = this.#stdin
    if (stdin === undefined) {
      this.#problems.add('The body was typed or piped into curl: fill it in.')
      return [{ text: '' }]
    }
    return 'text' in stdin && isLine ? [{ text: stdin.text.replaceAll('\n', '') }] : [stdin]
  }

  #upload(path: string): CurlBody {
    if (path !== '-' && path !== '.') return { kind: 'file', path, isUpload: true }
    const [read = { text: '' }] = this.#file('-', false)
    return 'file' in read
      ? { kind: 'file', path: read.file, isUpload: true }
      : { kind: 'data', text: read.text, pieces: 1, isUpload: true }
  }

  #part(given: string): CurlPart[] {
    const [name, value] = splitOnce(given, '=')
    if (value === undefined) {
      this.#problems.add(`"${asShown(given).slice(0, 60)}" is no field of a form: it has no "=".`)
      return []
    }
    const marker = value[0] ?? ''
    const isFile = marker === '@' || marker === '<'
    const { text, settings } = partText(isFile ? value.slice(1) : value)
    const type = settings.get('type')
    if (settings.has('headers'))
      this.#problems.add(`The field "${name}" has headers of its own, which a step cannot send: they are left out.`)
    if (marker === '<') {
      this.#problems.add(`What the file "${asShown(text)}" holds is not known here: put it into the field "${name}".`)
      return [{ name, value: text }]
    }
    if (!isFile) return [{ name, value: text, ...(type && { type }) }]
    const paths = text.split(',').filter((path) => path !== '')
    const filename = settings.get('filename')
    return paths.map((path) => ({ name, value: path, path, ...(filename && { filename }), ...(type && { type }) }))
  }
}

/** `name=content`, `=content` or `content` of --data-urlencode, with the content encoded. */
function urlEncoded(given: string): string {
  const [name, value] = splitOnce(given, '=')
  const [before, content] = value === undefined ? ['', given] : [name === '' ? '' : `${name}=`, value]
  const encoded = content
    .split(/(\ue000[^\ue001]*\ue001)/)
    .map((part) => (hasMark(part) ? part : encodeURIComponent(part.toWellFormed()).replace(/[!'()*]/g, percent)))
  return `${before}${encoded.join('')}`
}

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function withQuery(url: string, added: readonly string[]): string {
  if (added.length === 0) return url
  const [before, hash] = splitOnce(url, '#')
  const sign = !before.includes('?') ? '?' : /[?&]$/.test(before) ? '' : '&'
  return `${before}${sign}${added.join('&')}${hash === undefined ? '' : `#${hash}`}`
}

/** curl adds the name of a file that it uploads to an address without one. */
function withFileName(url: string, path: string): string {
  const [address, query] = splitOnce(url, '?')
  const [, rest = ''] = splitOnce(address, '://')
  const name = path.split(/[/\\]/).at(-1) ?? ''
  if (path === '-' || (rest?.includes('/') && !rest.endsWith('/'))) return url
  return `${address}${address.endsWith('/') ? '' : '/'}${encodeURIComponent(name.toWellFormed())}${query === undefined ? '' : `?${query}`}`
}
