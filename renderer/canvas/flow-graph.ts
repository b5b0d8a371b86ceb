import { type Edge as DrawnEdge, MarkerType, type Node, Position } from '@xyflow/react'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { WebhookAddress } from '../../core/contract/values.ts'
import type { Problem } from '../../core/domain/zap/problem.ts'
import { type Edge, type Position as Point, portOf, type Step, type ZapFile } from '../../core/domain/zap/zap-file.ts'
import { edgeKey } from '../draft/graph/connection-rules.ts'
import { NODE_HEIGHT, NODE_WIDTH, PORT_SIZE } from '../draft/graph/node-size.ts'
import { groupBy } from '../draft/graph/step-reach.ts'
import type { ShownStepRun } from '../steps/shown-step-run.ts'
import { type StepBadge, stepBadge } from '../steps/step-badge.ts'
import { type OutputPort, outputPorts } from '../steps/step-ports.ts'
import { stepSummary } from '../steps/step-summary.ts'
import { isBodyWire, type WireLabel, wireLabel } from './wires/wire-labels.ts'

/** An output with where it sits on the lower edge of the card, how far the next one is, and whether anything hangs on it. */
export type CardPort = OutputPort & { readonly x: number; readonly room: number; readonly open: boolean }

/** Everything that a step's card shows. */
export type CardData = {
  readonly step: Step
  readonly title: string
  readonly summary: string | null
  readonly manifest: ConnectorManifest | undefined
  readonly ports: readonly CardPort[]
  readonly hasInput: boolean
  readonly entered: boolean
  readonly badge: StepBadge | null
  /** Whether tests stop before it. */
  readonly breakpoint: boolean
  readonly webhook: WebhookAddress | undefined
  readonly live: boolean
}
export type CardNode = Node<CardData, 'step'>

/** `taken` is null where no run is shown; `body` says that the wire leads into a loop. */
export type EdgeData = {
  readonly edge: Edge
  readonly taken: boolean | null
  readonly label: WireLabel | null
  readonly body: boolean
  readonly change: 'added' | 'removed' | null
}
export type StepEdge = DrawnEdge<EdgeData, 'step'>

/** What is drawn over a zap. */
export type Overlay = {
  readonly problems: readonly Problem[]
  readonly webhooks: readonly WebhookAddress[]
  readonly runs: ReadonlyMap<string, ShownStepRun>
  /** Whether the zap's live version takes events now. */
  readonly live: boolean
  /** Steps whose output is pinned. */
  readonly pinned?: ReadonlySet<string>
  /** Steps before which tests stop. */
  readonly breakpoints?: ReadonlySet<string>
  /** What became of steps and wires between two states of the zap, by their ids and edge keys. */
  readonly changes?: {
    readonly steps: ReadonlyMap<string, StepBadge>
    readonly edges: ReadonlyMap<string, 'added' | 'removed'>
  }
}

/** What React Flow draws of the wires when they are drawn otherwise. */
export const NO_WIRES: StepEdge[] = []

const NO_PROBLEMS: readonly Problem[] = []
const NO_EDGES: readonly Edge[] = []
const NO_PORTS: readonly CardPort[] = []

/**
 * Makes the canvas's nodes and edges from a zap. The returned functions remember what they made: a step whose own parts did
 * not change keeps its node object, so that React draws only the card that was edited, however large the zap is; and where
 * none changed the list is the same too, as React Flow goes through all of a new one. Edges are labelled by the ports of
 * the cards, so that a zap's nodes are asked for first.
 */
export function createFlowGraph(
  connectors: ReadonlyMap<string, ConnectorManifest>,
  zapNames: ReadonlyMap<string, string>,
): {
  nodes(zap: ZapFile, overlay: Overlay, selected: ReadonlySet<string>): CardNode[]
  edges(zap: ZapFile, overlay: Overlay, selected: ReadonlySet<string>): StepEdge[]
} {
  let cards = new Map<string, { parts: readonly unknown[]; data: CardData }>()
  let nodes = new Map<string, { parts: readonly unknown[]; node: CardNode }>()
  let drawn = new Map<string, { parts: readonly unknown[]; edge: StepEdge }>()
  let nodeList: CardNode[] = []
  let edgeList: StepEdge[] = []
  let lastNodes: { readonly edges: ZapFile['edges']; readonly overlay: Overlay } | null = null
  let lastWires: readonly unknown[] = []
  /** Counts changes of the cards that wires show: which there are, and their ports. */
  let portChanges = 0

  return {
    nodes(zap, overlay, selected) {
      const outgoing = groupBy(zap.edges, 'from')
      const entered = new Set(zap.edges.map((edge) => edge.to))
      const problems = Map.groupBy(overlay.problems, (problem) => problem.step)
      const webhooks = new Map(overlay.webhooks.map((webhook) => [webhook.step, webhook]))
      const nextCards: typeof cards = new Map()
      const nextNodes: typeof nodes = new Map()
      // While a person types, one step is another than before, and nothing else.
      const isAsBefore = lastNodes?.edges === zap.edges && lastNodes.overlay === overlay
      lastNodes = { edges: zap.edges, overlay }
      const list = zap.steps.map((step): CardNode => {
        const old = nodes.get(step.id)
        const known = cards.get(step.id)
        if (isAsBefore && old && known?.data.step === step && old.node.selected === selected.has(step.id)) {
          nextCards.set(step.id, known)
          nextNodes.set(step.id, old)
          return old.node
        }
        const mine = problems.get(step.id) ?? NO_PROBLEMS
        const edges = outgoing.get(step.id) ?? NO_EDGES
        const webhook = webhooks.get(step.id)
        const cardParts = [
          step.uses,
          step.name,
          step.input,
          step.settings,
          mine.map((problem) => problem.message).join('\n'),
          edges.map(portOf).join(),
          entered.has(step.id),
          webhook?.url,
          overlay.runs.get(step.id),
          overlay.live,
          overlay.changes?.steps.get(step.id),
          overlay.pinned?.has(step.id),
          overlay.breakpoints?.has(step.id),
        ]
        const card =
          known && sameParts(known.parts, cardParts)
            ? known
            : { parts: cardParts, data: cardData(step, edges, mine, entered.has(step.id), webhook, overlay) }
        nextCards.set(step.id, card)
        if (!known || !samePorts(known.data, card.data)) portChanges++
        const position = step.position ?? { x: 0, y: 0 }
        const nodeParts = [card.data, position.x, position.y, selected.has(step.id)]
        const entry =
          old && sameParts(old.parts, nodeParts)
            ? old
            : { parts: nodeParts, node: cardNode(card.data, position, selected.has(step.id)) }
        nextNodes.set(step.id, entry)
        return entry.node
      })
      if (nextCards.size !== cards.size) portChanges++
      cards = nextCards
      nodes = nextNodes
      if (!sameParts(nodeList, list)) nodeList = list
      return nodeList
    },

    edges(zap, overlay, selected) {
      const wires = [zap.edges, overlay, selected, portChanges]
      if (sameParts(lastWires, wires)) return edgeList
      lastWires = wires
      const known = new Set(zap.steps.map((step) => step.id))
      const arriving = groupBy(zap.edges, 'to')
      const next: typeof drawn = new Map()
      const list = zap.edges
        .filter((edge) => known.has(edge.from) && known.has(edge.to))
        .map((edge): StepEdge => {
          const id = edgeKey(edge)
          const run = overlay.runs.get(edge.from)
          const body = isBodyWire(edge, cards.get(edge.from)?.data.manifest?.isLoop === true)
          // A loop takes its port "done" alone; that there were rounds shows in their first step.
          const taken =
            overlay.runs.size === 0
              ? null
              : (run?.ports.includes(portOf(edge)) ?? false) || (body && hasRun(overlay.runs.get(edge.to)))
          const ports = cards.get(edge.from)?.data.ports ?? NO_PORTS
          const label = wireLabel(edge, ports, arriving.get(edge.to)?.length ?? 1, ports[0]?.room ?? 0)
          const change = overlay.changes?.edges.get(id) ?? null
          const parts = [taken, selected.has(id), label?.text, label?.at, body, change]
          const old = drawn.get(id)
          const entry =
            old && sameParts(old.parts, parts)
              ? old
              : { parts, edge: stepEdge({ edge, taken, label, body, change }, selected.has(id)) }
          next.set(id, entry)
          return entry.edge
        })
      drawn = next
      if (!sameParts(edgeList, list)) edgeList = list
      return edgeList
    },
  }

  function cardData(
    step: Step,
    edges: readonly Edge[],
    problems: readonly Problem[],
    entered: boolean,
    webhook: WebhookAddress | undefined,
    overlay: Overlay,
  ): CardData {
    const manifest = connectors.get(step.uses)
    const taken = new Set(edges.map(portOf))
    const ports = outputPorts(step, manifest, edges)
    const room = portX(0, ports.length)
    return {
      step,
      title: step.name ?? manifest?.title ?? step.uses,
      summary: manifest ? stepSummary(step, manifest, zapNames) : 'This connector is not installed',
      manifest,
      ports: ports.map((port, index) => ({ ...port, x: portX(index, ports.length), room, open: !taken.has(port.id) })),
      hasInput: manifest?.kind !== 'trigger',
      entered,
      badge:
        overlay.changes?.steps.get(step.id) ??
        stepBadge(step, problems, overlay.runs.get(step.id), overlay.pinned?.has(step.id)),
      breakpoint: overlay.breakpoints?.has(step.id) === true,
      webhook,
      live: overlay.live,
    }
  }
}

/** The cards where they stand while some are dragged: those have other places, and the others are the very same. */
export function atPlaces(cards: CardNode[], dragged: ReadonlyMap<string, Point> | null): CardNode[] {
  if (dragged === null) return cards
  return cards.map((card) => {
    const position = dragged.get(card.id)
    return position ? { ...card, position } : card
  })
}

function portX(index: number, count: number): number {
  return Math.round((NODE_WIDTH * (index + 1)) / (count + 1))
}

function cardNode(data: CardData, position: Point, selected: boolean): CardNode {
  // Exactly where and how large canvas.css makes them, so that measuring them later changes nothing.
  const port = { width: PORT_SIZE, height: PORT_SIZE }
  return {
    id: data.step.id,
    type: 'step',
    position,
    data,
    selected,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    handles: [
      ...(data.hasInput
        ? [
            {
              ...port,
              type: 'target' as const,
              position: Position.Top,
              x: (NODE_WIDTH - PORT_SIZE) / 2,
              y: -PORT_SIZE / 2,
            },
          ]
        : []),
      ...data.ports.map(({ id, x }) => ({
        ...port,
        id,
        type: 'source' as const,
        position: Position.Bottom,
        x: x - PORT_SIZE / 2,
        y: NODE_HEIGHT - PORT_SIZE / 2,
      })),
    ],
    ariaLabel: [data.title, data.summary, data.badge?.text, data.breakpoint && 'breakpoint'].filter(Boolean).join(', '),
    // React's types do not list data attributes, which are what tests and screenshots find a step by.
    domAttributes: { 'data-step-id': data.step.id } as NonNullable<CardNode['domAttributes']>,
  }
}

function stepEdge(data: EdgeData, selected: boolean): StepEdge {
  const { edge } = data
  return {
    id: edgeKey(edge),
    type: 'step',
    source: edge.from,
    target: edge.to,
    sourceHandle: portOf(edge),
    selected,
    data,
    markerEnd: {
      type: MarkerType.ArrowClosed,
      width: 14,
      height: 14,
      color: wireColour(data),
    },
    ...(data.taken === true && { zIndex: 1 }),
  }
}

function wireColour({ taken, body, change }: EdgeData): string {
  if (change === 'removed') return 'var(--error)'
  if (taken === true || change === 'added') return 'var(--success)'
  return body ? 'var(--cat-logic)' : 'var(--line-strong)'
}

function hasRun(run: ShownStepRun | undefined): boolean {
  return run !== undefined && run.status !== 'skipped' && run.status !== 'pending'
}

function samePorts(a: CardData, b: CardData): boolean {
  const of = ({ id, label, x, open }: CardPort): string => JSON.stringify([id, label, x, open])
  return a.manifest === b.manifest && sameParts(a.ports.map(of), b.ports.map(of))
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, index) => Object.is(part, b[index]))
}
