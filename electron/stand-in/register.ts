import { registerHooks } from 'node:module'

// `node --import electron/stand-in/register.ts out/main/index.js`: what imports or requires `electron` gets the module beside this file.
const standIn = new URL('./electron.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})
