import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError } from '../core/app.ts'
import { createKeyFileSecretBox } from './key-file-secret-box.ts'

const key = Buffer.alloc(32, 1)
const box = createKeyFileSecretBox(key)

/** As versions before the box's name sealed it. */
function sealedBefore(text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

test('a secret opens under the name that it was sealed with, and under no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), fc.string(), async (secret, name, other) => {
      const sealed = await box.seal(secret, name)
      expect(await box.open(sealed, name)).toBe(Buffer.from(secret).toString())
      if (other !== name) await expect(box.open(sealed, other)).rejects.toThrow(SealError)
    }),
  )
})

test('whichever byte is changed or cut off, nothing opens', async () => {
  const sealed = Buffer.from(await box.seal('secret', 'shop'))
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    await expect(box.open(changed, 'shop'), `byte ${at}`).rejects.toThrow(SealError)
    await expect(box.open(sealed.subarray(0, at), 'shop'), `the first ${at}`).rejects.toThrow(SealError)
    await expect(box.open(sealed.subarray(at + 1), 'shop'), `from ${at}`).rejects.toThrow(SealError)
  }
})

test('another key opens nothing', async () => {
  const other = createKeyFileSecretBox(Buffer.alloc(32, 2))
  await expect(other.open(await box.seal('secret', 'shop'), 'shop')).rejects.toThrow('another key')
})

test('what an earlier version sealed opens until it is entered anew', async () => {
  expect(await box.open(sealedBefore('old'), 'shop')).toBe('old')
})

test('what the desktop app of an earlier version sealed says so', async () => {
  await expect(box.open(Buffer.concat([Buffer.from('v11'), randomBytes(60)]), 'shop')).rejects.toThrow(/desktop app/)
})
