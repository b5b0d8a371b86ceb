import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretMask, holdsSecret, maskText, maskValue, NO_SECRETS } from './secret-mask.ts'

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** The ways in which servers write what they were sent. */
const ways: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify({ text }),
  'in JSON inside JSON': (text) => JSON.stringify({ body: JSON.stringify({ text }) }),
  'in JSON of PHP': (text) => JSON.stringify({ text }).replaceAll('/', '\\/'),
  'in JSON of Python': (text) =>
    JSON.stringify({ text }).replace(
      /[\u0080-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'in an address': (text) => `https://example.com/?q=${encodeURIComponent(text)}&x=1`,
  'in an address, in small letters': (text) =>
    `?q=${encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())}`,
  'in a form': (text) => new URLSearchParams({ a: text, b: '2' }).toString(),
  'in HTML': (text) =>
    `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}</p>`,
  'in base64': base64,
  'in hex': (text) => Buffer.from(text, 'utf8').toString('hex'),
  'in capital hex': (text) => Buffer.from(text, 'utf8').toString('hex').toUpperCase(),
  'in base64, one behind': (text) => base64(`x${text}yz`),
  'in base64, two behind': (text) => base64(`{"${text}": 1}`),
  'in base64 for addresses': (text) => Buffer.from(`key=${text}`, 'utf8').toString('base64url'),
}

describe('a secret that comes back', () => {
  // Not only spaces, and no half characters, which no request could carry.
  const secret = fc.string({ minLength: 9, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length >= 9)

  it.each(Object.entries(ways))('is hidden %s', (_way, write) => {
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 20 }), (value, before) => {
        const mask = createSecretMask([{ name: 'shop', value: value.trim() }])
        const masked = maskText(mask, `${before}${write(value.trim())}`)
        expect(masked).toContain('[secret: shop]')
        expect(holdsSecret(mask, masked)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('is named by its credential, the one that holds another as a whole', () => {
    const mask = createSecretMask([
      { name: 'short', value: 'sesame-open' },
      { name: 'long "1"', value: 'user:sesame-open' },
    ])
    expect(maskText(mask, 'a sesame-open user:sesame-open')).toBe('a [secret: short] [secret: long _1_]')
  })

  it('is hidden in names and values at every depth, and nothing else is touched', () => {
    const mask = createSecretMask([{ name: 'k', value: 'sesame-open' }])
    const before = { list: [1, { 'x-sesame-open': 'is sesame-open' }], plain: { a: null } }
    const after = maskValue(mask, before)
    expect(after).toEqual({ list: [1, { 'x-[secret: k]': 'is [secret: k]' }], plain: { a: null } })
    expect(after.plain).toBe(before.plain)
  })
})

describe('ordinary text', () => {
  it('stays the very same where no secret is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(maskValue(createSecretMask([{ name: 'k', value: 'never-to-be-seen-0' }]), value)).toBe(value)
        expect(maskValue(NO_SECRETS, value)).toBe(value)
      }),
    )
  })

  it('is not shredded by short secrets: those are hidden as words, or not at all', () => {
    const mask = createSecretMask([
      { name: 'six', value: 'sesame' },
      { name: 'one', value: 'a' },
    ])
    expect(maskText(mask, 'a sesamese is no "sesame"')).toBe('a sesamese is no "[secret: six]"')
  })

  it.each([4_096, 4_097, 65_536, 400_000])('is hidden in its whole length: %s characters', (length) => {
    const value = 'a/"b'.repeat(length).slice(0, length)
    const mask = createSecretMask([
      { name: 'long', value },
      { name: 'short', value: 'sesame-open' },
    ])
    expect(maskText(mask, `<${value}> sesame-open`)).toBe('<[secret: long]> [secret: short]')
    const hex = Buffer.from(value).toString('hex')
    expect(maskText(mask, `<${hex}>${JSON.stringify(value)}`)).toBe('<[secret: long]>"[secret: long]"')
  })
})
