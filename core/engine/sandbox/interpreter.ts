// An interpreter in which nothing was ever run: QuickJS in a WebAssembly module, which has a memory of its own and can call nothing but what is
// lent to it here.
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
import { readInterpreterFile } from './interpreter-files.ts'
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
  /**
   * Puts every byte of the memory back to what it was before the first job, which is all that a module has of it; its one other variable, the
   * pointer to its stack, is back where it was when a call has returned. False when a new interpreter is to be made instead.
   */
  reset(): boolean
}

let compiled: WebAssembly.Module | undefined

type Page = { readonly offset: number; readonly bytes: Uint8Array }
/** The memory of an interpreter as it is when all is ready, but for what is 0 in it, and where things that are known outside lie in it. */
type Snapshot = { readonly pages: readonly Page[]; readonly at: string }
const snapshots = new Map<Equipment, Snapshot>()

/** Jobs after which a module is made anew all the same. */
const MOST_USES = 500

/** As the system gives memory out. */
const PAGE_BYTES = 4_096

const GUEST = '__hookline'

/**
 * Makes an interpreter. To read Luxon or JSONata takes 40 ms, so it is done once: a new module gets a copy of the memory that it left. Only
 * memory and what the module was compiled from make a module what it is, and it puts things where the first put them.
 */
export async function newInterpreter(equipment: Equipment, around: Surroundings): Promise<Interpreter> {
  compiled ??= new WebAssembly.Module(readInterpreterFile('quickjs.wasm'))
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
    runtime.setMaxStackSize(STACK_BYTES)
    runtime.setMemoryLimit(MEMORY_LIMIT)
    equip(context, host, equipment)
    snapshots.set(equipment, { pages: pagesIn(memory), at })
  } else {
    if (known.at !== at) throw new Error('the interpreter was laid out in another way than before')
    restore(memory, known.pages)
  }
  const guest = context.getProp(context.global, GUEST)
  context.unwrapResult(context.evalCode(`delete globalThis.${GUEST}`)).dispose()
  const pristine = pagesIn(memory)
  const { byteLength } = memory.buffer
  let uses = 0
  return {
    context,
    runtime,
    guest,
    reset() {
      uses++
      if (memory.buffer.byteLength !== byteLength || uses >= MOST_USES) return false
      restore(memory, pristine)
      return true
    },
  }
}

function equip(context: QuickJSContext, host: QuickJSHandle, equipment: Equipment): void {
  const run = (code: string): QuickJSHandle => context.unwrapResult(context.evalCode(code))
  const guest = context.unwrapResult(context.callFunction(run(`(${installGuest})`), context.undefined, host))
  context.setProp(context.global, GUEST, guest)
  context.unwrapResult(context.callFunction(run(`(${installIntl})`), context.undefined, host)).dispose()
  if (equipment === 'query') run(readInterpreterFile('jsonata.js').toString()).dispose()
  else {
    run(readInterpreterFile('luxon.js').toString()).dispose()
    run(
      'for (const name of ["DateTime", "Duration", "Interval"]) globalThis[name] = luxon[name]; delete globalThis.luxon',
    ).dispose()
  }
}

function restore(memory: WebAssembly.Memory, pages: readonly Page[]): void {
  const bytes = new Uint8Array(memory.buffer)
  bytes.fill(0)
  for (const page of pages) bytes.set(page.bytes, page.offset)
}

/** The pages of a memory in which something is. */
function pagesIn(memory: WebAssembly.Memory): Page[] {
  const pages: Page[] = []
  for (let offset = 0; offset < memory.buffer.byteLength; offset += PAGE_BYTES) {
    if (new Uint32Array(memory.buffer, offset, PAGE_BYTES / 4).every((word) => word === 0)) continue
    pages.push({ offset, bytes: new Uint8Array(memory.buffer.slice(offset, offset + PAGE_BYTES)) })
  }
  return pages
}
