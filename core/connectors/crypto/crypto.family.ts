import { defineFamily } from '../family-list.ts'
import { cryptoHash } from './hash.action.ts'
import { cryptoHmac } from './hmac.action.ts'
import { cryptoJwt } from './jwt.action.ts'
import { cryptoRandom } from './random.action.ts'

/** Checksums, signatures and chance, in the palette's order. */
export const crypto = defineFamily('crypto', [cryptoHash, cryptoHmac, cryptoJwt, cryptoRandom])
