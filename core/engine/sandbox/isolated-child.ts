import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { IsolatedProcess, StartIsolated } from '../../domain/host/adapters.ts'
import { speak } from '../../threads/frames.ts'
import { PIPE_FD } from '../../threads/process-port.ts'

const PACKAGES = [
  '@jitl/quickjs-wasmfile-release-sync',
  '@jitl/quickjs-ffi-types',
  'quickjs-emscripten-core',
  'luxon',
  'jsonata',
  'liquidjs',
  'zod',
]

/**
 * Starts a Node process that has no environment and, by Node's permission model and unless it is to reach files, may read the program's own files and nothing else: no other
 * files, no programs, no add-ons. What broke out of the interpreter would find itself there.
 */
export const startChild: StartIsolated = (file, on, reach): IsolatedProcess => {
  const flags =
    reach === 'files'
      ? ['--max-old-space-size=768']
      : ['--max-old-space-size=256', ...permissions(file, reach === undefined ? [] : [reach.reads])]
  const child = spawn(process.execPath, [...flags, file], {
    // Windows cannot start a program without it.
    env: process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
    cwd: dirname(file),
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  let isOver = false
  const ended = (why: string): void => {
    if (!isOver) on.ended(why)
    isOver = true
  }
  const kill = (): void => void child.kill('SIGKILL')
  child.on('error', (error) => ended(error.message))
  // Not at its exit: what it said last may still be in the pipe.
  child.on('close', (code, signal) =>
    ended(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
  )
  const pipe = child.stdio?.[PIPE_FD] // absent where there was no room for a pipe
  if (!(pipe instanceof Socket)) return { post: () => undefined, kill } // it could not be started
  const say = speak(pipe, {
    message: (message) => {
      if (!isOver) on.message(message)
    },
    nonsense() {
      kill()
      ended('it said something that makes no sense')
    },
  })
  // It does not keep the host alive.
  child.unref()
  pipe.unref()
  return {
    // A failure to send is followed by the end of the process.
    post: say,
    kill,
  }
}

function permissions(file: string, folders: readonly string[]): string[] {
  // Node 22.12 does not have it yet.
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return []
  const readable = [
    join(ownFolder(file), '*'),
    ...packageFiles(file),
    ...PACKAGES.map(packageFolder),
    ...folders.flatMap((folder) => [folder, join(folder, '*'), ...packageFiles(join(folder, 'x'))]),
  ]
  // One thread of its own looks whether the host is still there.
  return ['--permission', '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)]
}

/** Where the modules of the process are: beside it where it is built, in folders around it among the sources. */
function ownFolder(file: string): string {
  return file.endsWith('.ts') ? dirname(dirname(dirname(file))) : dirname(file)
}

/** Node looks for the package that a module belongs to in every folder above it. */
function packageFiles(file: string): string[] {
  const above = dirname(file)
  return above === file ? [] : [join(above, 'package.json'), ...packageFiles(above)]
}

function packageFolder(name: string): string {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = join('node_modules', name)
  return join(main.slice(0, main.lastIndexOf(folder) + folder.length), '*')
}
