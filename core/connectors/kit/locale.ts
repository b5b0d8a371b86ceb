import { z } from 'zod'

/** A language as BCP 47 names it, such as `de` or `en-IN`. */
export const localeSchema = z
  .string()
  .max(100)
  .refine(isLocale, { error: 'must be a language such as en, de or pt-BR' })

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1
  } catch {
    return false
  }
}
