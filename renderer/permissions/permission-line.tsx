import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PermissionItem } from '../../core/contract/values.ts'
import { Switch } from '../ui/controls/switch.tsx'
import { Tooltip } from '../ui/layers/tooltip.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { cautionWord, purposeWords, whatWords } from './permission-words.ts'

/** One thing that a zap may touch, with its switch, or with `control` in its place. */
export function PermissionLine({
  item,
  allowed,
  onChange,
  aside,
  control,
  isNarrow = false,
  isLit = false,
  onPoint,
}: {
  item: PermissionItem
  allowed: boolean
  onChange: (allowed: boolean) => void
  /** Before the switch. */
  aside?: ReactNode
  control?: ReactNode
  isNarrow?: boolean
  isLit?: boolean
  onPoint?: () => void
}) {
  const caution = cautionWord(item)
  const isProse = item.what === '*' || item.kind === 'credential' || item.kind === 'zap'
  const words = (
    <>
      <span
        className={classNames(
          'block text-ink',
          isProse ? 'break-words' : 'font-mono text-sm break-all',
          !allowed && 'text-ink-soft',
        )}
      >
        {whatWords(item)}
      </span>
      <span className="block text-sm text-ink-faint">{purposeWords(item)}</span>
    </>
  )
  return (
    <li
      data-permission={item.key}
      className={classNames(
        'flex items-center gap-3 py-1.5',
        !isNarrow && 'rounded pr-4 pl-10',
        isLit && 'bg-accent-soft',
      )}
    >
      {onPoint === undefined ? (
        <div className="min-w-0 flex-1">{words}</div>
      ) : (
        <button type="button" className="min-w-0 flex-1 rounded-sm text-left" onClick={onPoint}>
          {words}
        </button>
      )}
      {caution !== null && (
        <Tooltip content={item.caution ?? ''}>
          <span className="inline-flex shrink-0 items-center gap-1 rounded-full bg-waiting-soft px-2 py-0.5 text-sm font-medium whitespace-nowrap text-waiting">
            <TriangleAlert size={12} aria-hidden />
            {caution}
            <span className="sr-only">: {item.caution}</span>
          </span>
        </Tooltip>
      )}
      {aside}
      {control ?? <Switch checked={allowed} onChange={onChange} label={`Allow ${item.kind} ${item.what}`} />}
    </li>
  )
}
