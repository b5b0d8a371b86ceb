import { Handle, type NodeProps, Position } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo } from 'react'
import { pathOfAddress } from '../../steps/webhook-path.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { useCanvasActions } from '../canvas-actions.ts'
import { useDrawnFromDistance } from '../far/distance.ts'
import { DistantCard } from '../far/distant-card.tsx'
import type { CardData, CardNode, CardPort } from '../flow-graph.ts'
import { BreakpointDot } from './breakpoint-dot.tsx'
import { type CardTone, cardTone } from './card-tone.ts'
import { StepBadgeMark } from './step-badge-mark.tsx'

/** Pixels between two ports below which their names show only under the pointer. */
const TIGHT = 48

/** A step as the canvas draws it. */
export const StepCard = memo(function StepCard({ data, selected }: NodeProps<CardNode>) {
  const isDistant = useDrawnFromDistance()
  return isDistant ? (
    <DistantCard data={data} className={lookOf(data, selected)} />
  ) : (
    <NearCard data={data} selected={selected} />
  )
})

/** It says what the step does, so that it need not be opened for that. */
function NearCard({ data, selected }: { data: CardData; selected: boolean }) {
  const actions = useCanvasActions()
  const isFaint =
    data.step.settings?.disabled === true || data.badge?.kind === 'skipped' || data.badge?.kind === 'removed'
  return (
    <>
      {data.hasInput && (
        <Handle type="target" position={Position.Top} isConnectable={actions !== null} data-entered={data.entered} />
      )}
      <div
        className={classNames(
          'step-card relative flex h-16 w-60 items-center gap-3 border bg-surface pr-3 shadow-card transition-[border-color,box-shadow] duration-100',
          lookOf(data, selected),
        )}
      >
        <ConnectorIcon
          icon={data.manifest?.icon}
          category={data.manifest?.category}
          size={40}
          className={classNames(isTrigger(data) && 'rounded-full!', isFaint && 'opacity-50 grayscale')}
        />
        <div className="min-w-0 flex-1">
          <p
            className={classNames(
              'truncate text-base font-semibold tracking-tight',
              isFaint ? 'text-ink-faint' : 'text-ink',
            )}
          >
            {data.title}
          </p>
          <CardLine data={data} />
        </div>
        {data.badge && <StepBadgeMark badge={data.badge} />}
        {data.breakpoint && <BreakpointDot className="absolute top-1/2 -left-2 -translate-y-1/2" />}
      </div>
      {data.ports.map((port) => (
        <Handle
          key={port.id}
          id={port.id}
          type="source"
          position={Position.Bottom}
          isConnectable={actions !== null}
          style={{ left: port.x }}
          data-port={port.id}
        >
          {/* Where something hangs on the port, the wire carries its name. */}
          {port.label !== null && port.open && (
            <span
              data-tight={port.room < TIGHT}
              className="step-port-label absolute top-1 left-4 truncate text-xs font-medium text-ink-faint"
              style={{ maxWidth: port.room < TIGHT ? undefined : port.room - 12 }}
              title={port.label}
            >
              {port.label}
            </span>
          )}
          {port.open && actions && <AddAfter data={data} port={port} onAdd={actions.addAfter} />}
        </Handle>
      ))}
    </>
  )
}

function CardLine({ data }: { data: CardData }) {
  if (data.webhook) {
    return (
      <p className="flex min-w-0 items-center gap-1.5 font-mono text-xs text-ink-faint" title={data.webhook.url}>
        <span
          aria-hidden
          className={classNames('size-1.5 shrink-0 rounded-full', data.live ? 'bg-success' : 'border border-ink-faint')}
        />
        <span className="truncate">
          <span className="sr-only">{data.live ? 'Live at ' : 'Not live yet: '}</span>
          {data.webhook.methods.length === 1 ? `${data.webhook.methods[0]} ` : ''}
          {pathOfAddress(data.webhook.url)}
        </span>
      </p>
    )
  }
  return (
    <p className={classNames('truncate text-sm text-ink-faint', data.summary === null && 'italic')}>
      {data.summary ?? 'Not set up yet'}
    </p>
  )
}

// Inside the handle on purpose: a click adds a step, and a drag from it draws a connection like one from the dot.
function AddAfter({
  data,
  port,
  onAdd,
}: {
  data: CardData
  port: CardPort
  onAdd: (end: { from: string; port: string }, at: { x: number; y: number }) => void
}) {
  const name = port.label === null ? data.title : `${data.title}, ${port.label}`
  return (
    <span className="step-add absolute top-2 left-1/2 flex -translate-x-1/2 flex-col items-center">
      <span aria-hidden className="h-4 w-0.5 bg-line-strong" />
      <button
        type="button"
        aria-label={`Add a step after ${name}`}
        data-opens-search
        className="data-lit:border-accent data-lit:bg-accent data-lit:text-accent-ink flex size-5 items-center justify-center rounded-full border border-line-strong bg-surface text-ink-faint transition-colors hover:border-accent hover:bg-accent hover:text-accent-ink focus-visible:border-accent focus-visible:bg-accent focus-visible:text-accent-ink"
        onClick={(event) => {
          event.stopPropagation()
          const box = event.currentTarget.getBoundingClientRect()
          onAdd({ from: data.step.id, port: port.id }, { x: box.x + box.width / 2, y: box.bottom + 6 })
        }}
      >
        <Plus size={13} strokeWidth={2.5} aria-hidden />
      </button>
    </span>
  )
}

const isTrigger = (data: CardData): boolean => data.manifest?.kind === 'trigger'

/** Shape and border: the same from near and from far. */
function lookOf(data: CardData, selected: boolean): string {
  return classNames(
    isTrigger(data) ? 'rounded-l-[32px] rounded-r-lg pl-3' : 'rounded-lg pl-3',
    selected ? 'border-accent shadow-[0_0_0_1px_var(--accent),var(--shadow-card)]' : borderOf(data),
  )
}

const BORDERS: Readonly<Record<CardTone, string>> = {
  plain: 'border-line-strong hover:border-ink-faint',
  running: 'border-running',
  success: 'border-success/60',
  error: 'border-error/70',
  waiting: 'border-waiting/70',
}
/** Of what is not part of the zap, or not of what ran. */
const DASHED = new Set(['removed', 'disabled', 'skipped'])

function borderOf(data: CardData): string {
  return classNames(BORDERS[cardTone(data)], data.badge && DASHED.has(data.badge.kind) && 'border-dashed')
}
