import { registerHooks } from 'node:module'

const NAMES = ['@hookline/sdk', '@hookline/sdk/test'] as const

/** What may not be imported, and why; null for what may. */
type Limits = {
  refuse(specifier: string): string | null
  /** Of a module that was found. */
  refuseFile?(url: string, format: string | null | undefined): string | null
}

/**
 * Lets files import `@hookline/sdk` from wherever they lie: what it has is that of this Hookline.
 */
export function provideSdk(
  modules: Readonly<Partial<Record<(typeof NAMES)[number], object>>>,
  { refuse, refuseFile }: Limits,
): void {
  for (const [name, module] of Object.entries(modules)) Reflect.set(globalThis, Symbol.for(name), module)
  const check = (why: string | null): void => {
    if (why !== null) throw new Error(why)
  }
  registerHooks({
    resolve(specifier, context, next) {
      if (Object.hasOwn(modules, specifier)) return { url: `hookline:${specifier}`, shortCircuit: true }
      check(refuse(specifier))
      return next(specifier, context)
    },
    load(url, context, next) {
      const name = NAMES.find((one) => url === `hookline:${one}`)
      if (name === undefined) {
        check(refuseFile?.(url, context.format) ?? null)
        return next(url, context)
      }
      const source = `export const { ${Object.keys(modules[name] ?? {}).join(', ')} } = globalThis[Symbol.for('${name}')]`
      return { format: 'module', source, shortCircuit: true }
    },
  })
}
