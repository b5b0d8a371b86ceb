import { builtinModules } from 'node:module'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as sdk from './sdk.ts'
import { provideSdk } from './sdk-hooks.ts'

/** Modules of Node that compute, and reach nothing. */
const HARMLESS = new Set(
  [
    'assert',
    'buffer',
    'crypto',
    'events',
    'path',
    'querystring',
    'string_decoder',
    'timers',
    'url',
    'util',
    'zlib',
  ].flatMap((name) => [name, `node:${name}`, `node:${name}/promises`]),
)

/** What of Node's own globals a connector has, beside those of JavaScript itself. All others reach the world, or lead to what does. */
const GLOBALS = new Set([
  'global',
  'console',
  'Buffer',
  'URL',
  'URLSearchParams',
  'URLPattern',
  'TextEncoder',
  'TextDecoder',
  'atob',
  'btoa',
  'structuredClone',
  'queueMicrotask',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'AbortController',
  'AbortSignal',
  'Event',
  'EventTarget',
  'DOMException',
  'Blob',
  'File',
  'crypto',
  'Crypto',
  'CryptoKey',
  'SubtleCrypto',
  'performance',
])

/** The names that every JavaScript has, whatever it runs in. */
const OF_JAVASCRIPT =
  /^(?:(?:Aggregate|Eval|Range|Reference|Suppressed|Syntax|Type|URI)?Error|(?:Async)?DisposableStack|(?:Big)?(?:Int|Uint)(?:8|16|32|64)(?:Clamped)?Array|Float(?:16|32|64)Array|(?:Shared)?ArrayBuffer|(?:de|en)codeURI(?:Component)?|(?:un)?escape|parse(?:Int|Float)|is(?:NaN|Finite)|Array|Atomics|BigInt|Boolean|DataView|Date|FinalizationRegistry|Function|Infinity|Intl|Iterator|JSON|Map|Math|NaN|Number|Object|Promise|Proxy|Reflect|RegExp|Set|String|Symbol|WeakMap|WeakRef|WeakSet|eval|globalThis|undefined)$/

/** What of `process` a connector has. */
const PROCESS = ['version', 'versions', 'platform', 'arch', 'release'] as const

/** Functions of `process` with which others are reached, or this one. */
const REACHING =
  /^(?:_?kill|_?send|_?disconnect|_debug.*|_getActive.*|_linkedBinding|binding|dlopen|execve|getBuiltinModule|loadEnvFile|reallyExit|chdir|parentPort|report|channel|_channel)$/

/**
 * From here on nothing but what a connector imports is loaded: files of its own folder, and modules of Node that reach nothing. Globals that
 * lead further are gone.
 */
export function shutIn(file: string): void {
  const folder = `${pathToFileURL(dirname(file)).href}/`
  provideSdk(
    { '@hookline/sdk': sdk },
    {
      refuse(specifier) {
        const isBuiltIn = specifier.startsWith('node:') || builtinModules.includes(specifier)
        if (!isBuiltIn || HARMLESS.has(specifier)) return null
        return `"${specifier}" is not for connectors: they reach the world by ctx.http and ctx.files`
      },
      refuseFile(url, format) {
        if (url.startsWith('node:') || url.startsWith('data:')) return null
        if (!url.startsWith(folder)) return `a connector imports files of its own folder alone, and ${url} is none`
        // A module of CommonJS is handed what loads modules; a file may be one where its name does not say otherwise.
        if (format?.startsWith('module') === true || format === 'json') return null
        return `${url} may be CommonJS: a connector imports modules whose names end with .mjs`
      },
    },
  )
  hideProcess()
  hideGlobals()
  lockPrototypes()
}

function hideProcess(): void {
  const own = Object.freeze({
    ...Object.fromEntries(PROCESS.map((name) => [name, process[name]])),
    env: Object.freeze({}),
    argv: Object.freeze([]),
    nextTick: process.nextTick.bind(process),
  })
  for (const name of Object.getOwnPropertyNames(process)) {
    if (REACHING.test(name)) Reflect.defineProperty(process, name, { value: undefined })
  }
  Reflect.defineProperty(globalThis, 'process', { value: own, configurable: false, writable: false })
}

function hideGlobals(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (name !== 'process' && !GLOBALS.has(name) && !OF_JAVASCRIPT.test(name)) Reflect.deleteProperty(globalThis, name)
  }
  // Parts of Node load its HTTP client by themselves, which leaves here what sends its requests.
  for (const version of [1, 2])
    Object.defineProperty(globalThis, Symbol.for(`undici.globalDispatcher.${version}`), { value: {} })
}

/** The pipe to the host, and the process, are objects whose methods a connector could else stand in for, and be called with them. */
function lockPrototypes(): void {
  for (let each: object | null = Socket.prototype; each !== null && each !== Object.prototype; ) {
    for (const name of Reflect.ownKeys(each)) {
      const is = Object.getOwnPropertyDescriptor(each, name)
      if (is?.configurable !== true) continue
      const isMethod = typeof is.value === 'function'
      Object.defineProperty(each, name, { configurable: false, ...(isMethod && { writable: false }) })
    }
    each = Object.getPrototypeOf(each)
  }
}
