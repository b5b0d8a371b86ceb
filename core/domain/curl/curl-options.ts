/** An option of a curl line, by its long name, and its value; the address is `url`. */
export type CurlOption = { readonly name: string; readonly value: string }

/** Short options and their long names; a `:` says that a value follows (curl 8.17, `curl --help all`). */
const SHORT: Readonly<Record<string, string>> = {
  '#': 'progress-bar',
  '0': 'http1.0',
  '1': 'tlsv1',
  '2': 'sslv2',
  '3': 'sslv3',
  '4': 'ipv4',
  '6': 'ipv6',
  a: 'append',
  A: 'user-agent:',
  b: 'cookie:',
  B: 'use-ascii',
  c: 'cookie-jar:',
  C: 'continue-at:',
  d: 'data:',
  D: 'dump-header:',
  e: 'referer:',
  E: 'cert:',
  f: 'fail',
  F: 'form:',
  g: 'globoff',
  G: 'get',
  H: 'header:',
  i: 'include',
  I: 'head',
  j: 'junk-session-cookies',
  J: 'remote-header-name',
  k: 'insecure',
  K: 'config:',
  l: 'list-only',
  L: 'location',
  m: 'max-time:',
  M: 'manual',
  n: 'netrc',
  N: 'no-buffer',
  o: 'output:',
  O: 'remote-name',
  p: 'proxytunnel',
  P: 'ftp-port:',
  q: 'disable',
  Q: 'quote:',
  r: 'range:',
  R: 'remote-time',
  s: 'silent',
  S: 'show-error',
  t: 'telnet-option:',
  T: 'upload-file:',
  u: 'user:',
  U: 'proxy-user:',
  v: 'verbose',
  V: 'version',
  w: 'write-out:',
  x: 'proxy:',
  X: 'request:',
  y: 'speed-time:',
  Y: 'speed-limit:',
  z: 'time-cond:',
  Z: 'parallel',
  ':': 'next',
}

/** Long options that take a value, beside those that have a short name. */
const WITH_VALUE = new Set(
  (
    'abstract-unix-socket alt-svc aws-sigv4 cacert capath cert-type ciphers connect-timeout connect-to create-file-mode crlfile curves data-ascii ' +
    'data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url ech egd-file engine etag-compare ' +
    'etag-save expect100-timeout form-string ftp-account ftp-alternative-to-user ftp-method ftp-ssl-ccc-mode happy-eyeballs-timeout-ms ' +
    'haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl ' +
    'limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs netrc-file noproxy oauth2-bearer output-dir ' +
    'parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers ' +
    'proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype ' +
    'proxy-tlspassword proxy-tlsuser proxy1.0 pubkey random-file rate request-target resolve retry retry-delay retry-max-time sasl-authzid ' +
    'service-name sigalgs socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr tftp-blksize tls-max ' +
    'tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket url url-query variable vlan-priority'
  ).split(' '),
)
for (const name of Object.values(SHORT)) if (name.endsWith(':')) WITH_VALUE.add(name.slice(0, -1))

/** The options of a curl line, in order, without the word `curl` itself. */
export function curlOptions(words: readonly string[]): CurlOption[] {
  const options: CurlOption[] = []
  let isOver = false
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (isOver || !word.startsWith('-') || word === '-') options.push({ name: 'url', value: word })
    else if (word === '--') isOver = true
    else if (word.startsWith('--')) {
      const [name = '', given] = splitOnce(word.slice(2), '=')
      if (WITH_VALUE.has(name)) options.push({ name, value: given ?? words[++at] ?? '' })
      else options.push({ name: word.slice(2), value: '' })
    } else at += shortOptions(word.slice(1), words[at + 1], options)
  }
  return options
}

/** Takes options that are written as one word, such as `-sSLd`; returns how many of the next words were used. */
function shortOptions(letters: string, next: string | undefined, options: CurlOption[]): number {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    const name = Object.hasOwn(SHORT, letter) ? (SHORT[letter] ?? '') : `-${letter}`
    if (!name.endsWith(':')) {
      options.push({ name, value: '' })
      continue
    }
    const rest = letters.slice(at + 1)
    options.push({ name: name.slice(0, -1), value: rest === '' ? (next ?? '') : rest })
    return rest === '' ? 1 : 0
  }
  return 0
}

/** A text before and behind the first `separator`; undefined behind where there is none. */
export function splitOnce(text: string, separator: string): [before: string, behind: string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
