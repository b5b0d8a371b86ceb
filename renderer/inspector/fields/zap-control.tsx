import { TriangleAlert, X } from 'lucide-react'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useZaps } from '../../queries/zaps.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { describedBy } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { findZap, zapOptions } from './zap-options.ts'

/** Another zap, chosen by its name and kept by its id. */
export function ZapControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const { zaps, here } = useKnownZaps()
  const chosen = typeof value === 'string' ? value : ''
  const isMissing = zaps !== null && chosen !== '' && findZap(zaps, chosen) === undefined
  return (
    <>
      <Select
        id={id}
        value={chosen === '' && !field.optional ? undefined : (findZap(zaps ?? [], chosen)?.id ?? chosen)}
        placeholder="Choose a zap…"
        invalid={problem !== null || isMissing}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        options={[
          ...(field.optional ? [{ value: '', label: 'None' }] : []),
          ...zapOptions(zaps ?? [], here, chosen === '' ? [] : [chosen]),
        ]}
        onChange={(next) => setValue(path, next === '' ? undefined : next)}
      />
      {isMissing && <MissingZap id={chosen} />}
    </>
  )
}

/** Any number of other zaps. */
export function ZapsControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  const { zaps, here } = useKnownZaps()
  const chosen = Array.isArray(value) ? value.filter((one: unknown): one is string => typeof one === 'string') : []
  const left = zapOptions(zaps ?? [], here, []).filter(
    (option) => !chosen.some((one) => findZap(zaps ?? [], one)?.id === option.value),
  )
  return (
    <div className="flex flex-col gap-1.5">
      {chosen.length > 0 && (
        <ul aria-labelledby={`${id}-label`} className="flex flex-col gap-1">
          {chosen.map((one) => {
            const zap = findZap(zaps ?? [], one)
            const name = zap?.name ?? one
            return (
              <li key={one} className="rounded border border-line bg-sunken py-0.5 pr-0.5 pl-2.5">
                <div className="flex items-center gap-2">
                  <span className="min-w-0 flex-1 truncate">{name}</span>
                  <IconButton
                    icon={X}
                    size="sm"
                    label={`Remove ${name}`}
                    onClick={() => {
                      const next = chosen.filter((other) => other !== one)
                      setValue(path, next.length === 0 ? undefined : next)
                    }}
                  />
                </div>
                {zaps !== null && zap === undefined && <MissingZap id={one} />}
              </li>
            )
          })}
        </ul>
      )}
      <Select
        id={id}
        value={undefined}
        placeholder={zaps !== null && left.length === 0 ? 'There is no other zap' : (field.placeholder ?? 'Add a zap…')}
        disabled={left.length === 0}
        invalid={problem !== null}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        options={left}
        onChange={(next) => setValue(path, [...chosen, next])}
      />
    </div>
  )
}

function MissingZap({ id }: { id: string }) {
  return (
    <p className="flex items-start gap-1 text-sm text-waiting">
      <TriangleAlert size={13} aria-hidden className="mt-[3px] shrink-0" />
      <span className="min-w-0 break-words">
        There is no zap <code className="font-mono text-xs">{id}</code> here: it was deleted, or is on another computer.
        Choose another one.
      </span>
    </p>
  )
}

function useKnownZaps() {
  const zaps = useZaps().data
  const here = useDraft((state) => state.host.id)
  return { zaps, here }
}
