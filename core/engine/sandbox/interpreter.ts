// One run of code in an interpreter that nothing was ever run in: QuickJS in a WebAssembly module, which has a memory of its own and can
// call nothing but what is lent to it here.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core'
import { installGuest, installIntl } from './guest.ts'
import { askIntl } from './intl-bridge.ts'

/** Pages of 64 KB: what the interpreter begins with, as its module wants it, and what it can have at all. */
const PAGES = { initial: 256, maximum: 2_048 }
/** Bytes at which the interpreter says so itself, rather than running against the wall. */
const MEMORY_LIMIT = 125_829_120
/** With 256 KB and more, deep input ends the whole module (quickjs-emscripten 0.32, tried). */
const STACK_BYTES = 131_072

/** What is ready in an interpreter before a person's code: dates and languages, or JSONata. */
export type Equipment = 'code' | 'query'

/** What an interpreter asks of the world. */
export type Surroundings = {
  log(json: string): void
  /** Whether the time is up. */
  isOver(): boolean
}

export type Interpreter = {
  readonly context: QuickJSContext
  readonly runtime: QuickJSRuntime
  /** What `installGuest` returned, inside the interpreter. */
  readonly guest: QuickJSHandle
}

const require = createRequire(import.meta.url)
/** A file beside the main one of a package. */
const source = (main: string, file: string): string => readFileSync(join(dirname(main), file), 'utf8')
let compiled: WebAssembly.Module | undefined

type Page = { readonly offset: number; readonly bytes: Uint8Array }
/** The memory of an interpreter as it is when all is ready, but for what is 0 in it, and where things that are known outside lie in it. */
type Snapshot = { readonly pages: readonly Page[]; readonly at: string }
const snapshots = new Map<Equipment, Snapshot>()

/** As the system gives memory out. */
const PAGE_BYTES = 4_096

const GUEST = '__hookline'

/**
 * A fresh interpreter. To read Luxon or JSONata takes 40 ms, so it is done once: a new module gets a copy of the memory that it left. Only
 * memory and what the module was compiled from make a module what it is, and it puts things where the first put them.
 */
export async function newInterpreter(equipment: Equipment, around: Surroundings): Promise<Interpreter> {
  compiled ??= new WebAssembly.Module(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')))
  const memory = new WebAssembly.Memory(PAGES)
  const custom = newVariant<QuickJSSyncVariant>(variant, { wasmModule: compiled, wasmMemory: memory })
  const runtime = (await newQuickJSWASMModuleFromVariant(custom)).newRuntime()
  const context = runtime.newContext()
  runtime.setInterruptHandler(() => around.isOver())
  const host = context.newFunction('host', (what, text) => {
    const given = context.getString(text)
    switch (context.getString(what)) {
      case 'log':
        around.log(given)
        return context.undefined
      case 'random':
        return context.newString(String(Math.random()))
      default:
        return context.newString(askIntl(given))
    }
  })
  const at = `${context.global.value} ${host.value}`
  const known = snapshots.get(equipment)
  if (known === undefined) {
    const before = pagesIn(memory, [])
    runtime.setMaxStackSize(STACK_BYTES)
    runtime.setMemoryLimit(MEMORY_LIMIT)
    equip(context, host, equipment)
    snapshots.set(equipment, { pages: pagesIn(memory, before), at })
  } else {
    if (known.at !== at) throw new Error('the interpreter was laid out in another way than before')
    const bytes = new Uint8Array(memory.buffer)
    for (const page of known.pages) bytes.set(page.bytes, page.offset)
  }
  const guest = context.getProp(context.global, GUEST)
  context.unwrapResult(context.evalCode(`delete globalThis.${GUEST}`)).dispose()
  return { context, runtime, guest }
}

function equip(context: QuickJSContext, host: QuickJSHandle, equipment: Equipment): void {
  const run = (code: string): QuickJSHandle => context.unwrapResult(context.evalCode(code))
  const guest = context.unwrapResult(context.callFunction(run(`(${installGuest})`), context.undefined, host))
  context.setProp(context.global, GUEST, guest)
  context.unwrapResult(context.callFunction(run(`(${installIntl})`), context.undefined, host)).dispose()
  if (equipment === 'query') run(source(require.resolve('jsonata'), 'jsonata.min.js')).dispose()
  else {
    run(source(require.resolve('luxon'), '../global/luxon.min.js')).dispose()
    run(
      'for (const name of ["DateTime", "Duration", "Interval"]) globalThis[name] = luxon[name]; delete globalThis.luxon',
    ).dispose()
  }
}

/** The pages of a memory in which something is, or was `before`. A copy of all would only take up memory. */
function pagesIn(memory: WebAssembly.Memory, before: readonly Page[]): Page[] {
  const known = new Set(before.map(({ offset }) => offset))
  const pages: Page[] = []
  for (let offset = 0; offset < memory.buffer.byteLength; offset += PAGE_BYTES) {
    if (!known.has(offset) && new Uint32Array(memory.buffer, offset, PAGE_BYTES / 4).every((word) => word === 0))
      continue
    pages.push({ offset, bytes: new Uint8Array(memory.buffer.slice(offset, offset + PAGE_BYTES)) })
  }
  return pages
}
