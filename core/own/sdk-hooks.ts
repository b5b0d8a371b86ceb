import { registerHooks } from 'node:module'

const NAMES = ['@hookline/sdk', '@hookline/sdk/test'] as const

/**
 * Lets files import `@hookline/sdk` from wherever they lie: what it has is that of this Hookline. `refuse` says why a module may not be imported; null
 * for one that may.
 */
export function provideSdk(
  modules: Readonly<Partial<Record<(typeof NAMES)[number], object>>>,
  refuse: (specifier: string) => string | null,
): void {
  for (const [name, module] of Object.entries(modules)) Reflect.set(globalThis, Symbol.for(name), module)
  registerHooks({
    resolve(specifier, context, next) {
      if (Object.hasOwn(modules, specifier)) return { url: `hookline:${specifier}`, shortCircuit: true }
      const why = refuse(specifier)
      if (why !== null) throw new Error(why)
      return next(specifier, context)
    },
    load(url, context, next) {
      const name = NAMES.find((one) => url === `hookline:${one}`)
      if (name === undefined) return next(url, context)
      const source = `export const { ${Object.keys(modules[name] ?? {}).join(', ')} } = globalThis[Symbol.for('${name}')]`
      return { format: 'module', source, shortCircuit: true }
    },
  })
}
