const TELLING = /authorization|cookie|token|secret|passw|api[-_]?key|access[-_]?key|credential|session|jwt/i
/** Words that tell it only where they stand alone: `X-Auth` does, `author` does not. */
const WHOLE_WORDS = /(?:^|[-_])(?:auth|bearer|pwd|(?:private|functions|subscription)[-_]?key)(?:$|[-_])/i

/** Whether a header, or a parameter of an address, carries a secret, as far as its name tells. */
export function isSecretName(name: string): boolean {
  return TELLING.test(name) || WHOLE_WORDS.test(name)
}
