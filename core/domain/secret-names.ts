/** Whether a header, or a parameter of an address, carries a secret, as far as its name tells. */
export function isSecretName(name: string): boolean {
  return /authorization|cookie|token|secret|passw|api[-_]?key|access[-_]?key|credential|session|jwt/i.test(name)
}
