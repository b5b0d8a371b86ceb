import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { partOf, type Ran } from './part-of.ts'

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int(), columnNumber: z.int() }),
      children: z.array(z.int()).optional(),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
})
type Node = z.infer<typeof profileSchema>['nodes'][number]

/** Milliseconds of a thread, by the part of the program that they were spent in; `idle` is one of them. */
export type Spent = ReadonlyMap<string, number>

/** Reads what V8's profiler wrote. Time counts for the function that ran, not for those that called it. */
export function readProfile(file: string): Spent {
  const { nodes, samples, timeDeltas } = profileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])))
  const maps = new Map<string, SourceMap | null>()
  const parts = new Map<number, string>()
  const spent = new Map<string, number>()
  for (const [n, id] of samples.entries()) {
    const node = byId.get(id)
    if (!node) continue
    const part = parts.get(id) ?? partOf({ name: node.callFrame.functionName, ...scriptOf(node, parents, maps) })
    parts.set(id, part)
    spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[n] ?? 0) / 1_000)
  }
  return spent
}

/** The script of a function, before it was bundled; for what is not JavaScript, and has none, that of its caller. */
function scriptOf(
  node: Node,
  parents: ReadonlyMap<number, Node>,
  maps: Map<string, SourceMap | null>,
): Pick<Ran, 'script' | 'isNative'> {
  const isNative = node.callFrame.url === ''
  let caller: Node | undefined = node
  while (caller !== undefined && caller.callFrame.url === '') caller = parents.get(caller.id)
  if (caller === undefined) return { script: '', isNative }
  const { url, lineNumber, columnNumber } = caller.callFrame
  if (!maps.has(url)) maps.set(url, sourceMapOf(url))
  const entry = maps.get(url)?.findEntry(lineNumber, columnNumber)
  return { script: entry !== undefined && 'originalSource' in entry ? entry.originalSource : url, isNative }
}

function sourceMapOf(url: string): SourceMap | null {
  const file = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : ''
  if (!existsSync(file)) return null
  // A source map is JSON of the shape that the standard says; our own build wrote it.
  return new SourceMap(JSON.parse(readFileSync(file, 'utf8')))
}
