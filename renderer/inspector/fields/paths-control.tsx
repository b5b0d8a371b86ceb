import { ArrowDown, ArrowUp, ChevronRight, CornerDownRight, Plus, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { isJsonObject, type JsonObject } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { addPath, movePath, pathsIn, removePath, renamePath } from '../../draft/operations/path-operations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { conditionsText } from '../../steps/condition-text.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { NameInput } from '../../ui/controls/name-input.tsx'
import { useOnceDrawn } from '../../ui/page/use-once-drawn.ts'
import { type ControlProps, useControlId, useProblemAt, useStepForm } from '../form/form-context.ts'
import { ConditionGroup } from './condition-group.tsx'

/** More paths than this begin folded, each saying its conditions in one line. */
const OPEN_AT_FIRST = 2

/** Named ways out of a step, tried in order, each with its conditions. */
export function PathsControl({ path, value }: ControlProps) {
  const id = useControlId(path)
  const { stepId } = useStepForm()
  const store = useDraftStore()
  const onceDrawn = useOnceDrawn()
  const list = useRef<HTMLOListElement>(null)
  const paths = pathsIn(value)
  const [startsOpen] = useState(paths.length <= OPEN_AT_FIRST)
  const [atFirst] = useState(() => new Set(paths.map((one) => one.id)))

  const move = (index: number, by: -1 | 1): void => {
    store.getState().change((zap) => movePath(zap, stepId, path, index, by))
    // The path took its buttons with it. At an end of the list only the other one can still be pressed.
    onceDrawn(() => {
      const buttons = [...(list.current?.children[index + by]?.querySelectorAll<HTMLElement>('[data-move]') ?? [])]
      const same = buttons.find((button) => button.dataset.move === String(by) && !button.matches(':disabled'))
      ;(same ?? buttons.find((button) => !button.matches(':disabled')))?.focus()
    })
  }
  return (
    <div id={id} className="flex flex-col gap-2">
      <ol ref={list} className="flex flex-col gap-2">
        {paths.map((one, index) => (
          <PathCard
            key={typeof one.id === 'string' ? one.id : index}
            value={one}
            path={[...path, index]}
            number={index + 1}
            isLast={index === paths.length - 1}
            opens={startsOpen || !atFirst.has(one.id ?? '')}
            onRename={(name) => store.getState().change((zap) => renamePath(zap, stepId, path, index, name))}
            onMove={(by) => move(index, by)}
            onRemove={() => store.getState().change((zap) => removePath(zap, stepId, path, index))}
          />
        ))}
      </ol>
      <div>
        <Button size="sm" icon={Plus} onClick={() => store.getState().change((zap) => addPath(zap, stepId, path))}>
          {paths.length === 0 ? 'Add a path' : 'Add another path'}
        </Button>
      </div>
      <p className="flex items-start gap-1.5 text-sm text-ink-faint">
        <CornerDownRight size={13} aria-hidden className="mt-[3px] shrink-0" />
        <span>
          What fits no path goes on at <strong className="font-medium text-ink-soft">else</strong>.
        </span>
      </p>
    </div>
  )
}

function PathCard(props: {
  value: JsonObject
  path: InputPath
  number: number
  isLast: boolean
  opens: boolean
  onRename(name: string): void
  onMove(by: -1 | 1): void
  onRemove(): void
}) {
  const { value, path, number } = props
  const [startsOpen] = useState(props.opens)
  const problem = useProblemAt([...path, 'when'])
  const own = useProblemAt(path)
  const id = typeof value.id === 'string' ? value.id : `path ${number}`
  const name = typeof value.name === 'string' && value.name !== '' ? value.name : id
  const when = isJsonObject(value.when) ? value.when : {}
  const said = conditionsText(when)
  return (
    <li data-field={fieldOfPath(path)} aria-label={`Path ${name}`} className="rounded-lg border border-line bg-sunken">
      <div className="flex items-center gap-1 py-1.5 pr-1.5 pl-2.5">
        <span
          aria-hidden
          className="flex size-5 shrink-0 items-center justify-center rounded-full bg-hover text-xs font-semibold text-ink-soft tabular-nums"
        >
          {number}
        </span>
        <NameInput
          value={typeof value.name === 'string' ? value.name : ''}
          placeholder={id}
          label={`Name of path ${number}`}
          className="h-7 w-full flex-1 font-semibold placeholder:font-medium placeholder:text-ink-soft"
          onChange={props.onRename}
          clearable
        />
        <IconButton
          icon={ArrowUp}
          size="sm"
          data-move="-1"
          label={`Try ${name} earlier`}
          disabled={number === 1}
          onClick={() => props.onMove(-1)}
        />
        <IconButton
          icon={ArrowDown}
          size="sm"
          data-move="1"
          label={`Try ${name} later`}
          disabled={props.isLast}
          onClick={() => props.onMove(1)}
        />
        <IconButton icon={Trash2} size="sm" label={`Remove ${name} and its connections`} onClick={props.onRemove} />
      </div>
      <details className="group border-t border-line" {...(startsOpen && { open: true })}>
        <summary className="flex cursor-default list-none items-center gap-1.5 px-2.5 py-1.5 text-sm text-ink-soft select-none hover:text-ink">
          <ChevronRight size={13} aria-hidden className="shrink-0 transition-transform group-open:rotate-90" />
          <span className="shrink-0 font-medium">Goes this way if</span>
          <span className="min-w-0 truncate text-ink-faint group-open:hidden" title={said}>
            {said === '' ? '…' : said}
          </span>
        </summary>
        <div data-field={fieldOfPath([...path, 'when'])} className="px-2.5 pb-2.5">
          <ConditionGroup group={when} path={[...path, 'when']} />
          {problem !== null && <p className="mt-1 text-sm text-error">{problem}</p>}
        </div>
      </details>
      {own !== null && <p className="px-2.5 pb-2 text-sm text-error">{own}</p>}
    </li>
  )
}
