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
import { withInitialMemory } from './initial-memory.ts'
import { readInterpreterFile } from './interpreter-files.ts'
import { askIntl } from './intl-bridge.ts'

/**
 * Pages of 64 KB: what the interpreter begins with, of which one that is ready takes 98; what it may have grown to and still be put back; and what it
 * can have at all. Its module asks for 256 at its start, and to look through all of these after each job took three times as long as most jobs.
 */
const PAGES = { initial: 128, reused: 256, maximum: 2_048 }
const WASM_PAGE_BYTES = 65_536
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
  /** All that it has: its stack and its heap lie in it. */
  readonly memory: WebAssembly.Memory
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

/** What a memory holds: pieces in which something is, in order. Between and behind them is nothing but 0. */
type Piece = { readonly offset: number; readonly bytes: Buffer }
/** The memory of an interpreter as it is when all is ready, and where things that are known outside lie in it. */
type Snapshot = { readonly pieces: readonly Piece[]; readonly at: string }
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
  compiled ??= new WebAssembly.Module(withInitialMemory(readInterpreterFile('quickjs.wasm'), PAGES.initial))
  const memory = new WebAssembly.Memory({ initial: PAGES.initial, maximum: PAGES.maximum })
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
    snapshots.set(equipment, { pieces: piecesOf(memory), at })
  } else {
    if (known.at !== at) throw new Error('the interpreter was laid out in another way than before')
    restore(memory, known.pieces)
  }
  const guest = context.getProp(context.global, GUEST)
  context.unwrapResult(context.evalCode(`delete globalThis.${GUEST}`)).dispose()
  const pristine = piecesOf(memory)
  let uses = 0
  return {
    memory,
    context,
    runtime,
    guest,
    reset() {
      uses++
      if (memory.buffer.byteLength > PAGES.reused * WASM_PAGE_BYTES || uses >= MOST_USES) return false
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

/** As much as is compared at once, and all of it 0. */
const NOTHING = Buffer.alloc(WASM_PAGE_BYTES)

/** Makes every byte of a memory what it was. Where there was nothing it is read and not written: mostly there still is nothing. */
function restore(memory: WebAssembly.Memory, pieces: readonly Piece[]): void {
  const all = Buffer.from(memory.buffer)
  let at = 0
  for (const { offset, bytes } of pieces) {
    clear(all.subarray(at, offset))
    all.set(bytes, offset)
    at = offset + bytes.length
  }
  clear(all.subarray(at))
}

function clear(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += NOTHING.length) {
    const part = bytes.subarray(at, at + NOTHING.length)
    if (!isNothing(part)) part.fill(0)
  }
}

const isNothing = (bytes: Buffer): boolean => bytes.equals(NOTHING.subarray(0, bytes.length))

function piecesOf(memory: WebAssembly.Memory): Piece[] {
  const all = Buffer.from(memory.buffer)
  const pieces: Piece[] = []
  let begin: number | undefined
  for (let at = 0; at < all.length; at += PAGE_BYTES) {
    if (!isNothing(all.subarray(at, at + PAGE_BYTES))) {
      begin ??= at
      continue
    }
    if (begin !== undefined) pieces.push({ offset: begin, bytes: Buffer.from(all.subarray(begin, at)) })
    begin = undefined
  }
  if (begin !== undefined) pieces.push({ offset: begin, bytes: Buffer.from(all.subarray(begin)) })
  return pieces
}
