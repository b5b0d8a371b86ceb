import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react'
import { classNames } from '../look/class-names.ts'

export type Column = {
  readonly title: string
  /** CSS width; columns without one share what is left. */
  readonly width?: string
  readonly align?: 'end'
  /** For columns of controls, whose title only screen readers need. */
  readonly isTitleHidden?: boolean
  /** In the place of the title, such as a box that selects every row. */
  readonly head?: ReactNode
}

/**
 * A list of alike things. Up and Down walk from row to row, between the elements marked `data-row-link`; a click anywhere in a row that is
 * not on something of its own opens that link, with Ctrl, ⌘ or the middle button in another tab. Tab goes through the controls of a row. With `scroller` the table scrolls by itself under its head, and whoever draws its rows may leave
 * out those that are not in sight.
 */
export function Table({
  label,
  columns,
  scroller,
  rowCount,
  children,
  after,
}: {
  label: string
  columns: readonly Column[]
  scroller?: Ref<HTMLDivElement>
  /** Rows in all, head included, where not all of them are drawn; -1 when that is not known. */
  rowCount?: number
  children: ReactNode
  /** Below the rows, inside the frame. */
  after?: ReactNode
}) {
  return (
    <div
      ref={scroller}
      className={classNames(
        'rounded-lg border border-line bg-surface shadow-card',
        scroller === undefined ? 'overflow-hidden' : 'min-h-0 overflow-y-auto',
      )}
    >
      <table
        aria-label={label}
        aria-rowcount={rowCount}
        onKeyDown={walk}
        onClick={openRow}
        onAuxClick={openRow}
        className="w-full table-fixed border-separate border-spacing-0 text-left"
      >
        <thead>
          <tr className="h-8 text-sm text-ink-faint">
            {columns.map(({ title, width, align, isTitleHidden, head }) => (
              <th
                key={title}
                scope="col"
                style={{ width }}
                className={classNames(
                  'sticky top-0 z-[2] border-b border-line bg-sunken pr-4 font-medium first:pl-4',
                  align === 'end' && 'text-right',
                )}
              >
                {head ?? (isTitleHidden ? <span className="sr-only">{title}</span> : title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {after}
    </div>
  )
}

/** What every row of a table looks like; cells set their own right padding of 16 px. */
export const TABLE_ROW =
  'relative hover:bg-hover [&>td]:border-b [&>td]:border-line [&>td]:pr-4 [&>td:first-child]:pl-4 last:[&>td]:border-b-0'

function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const { target, currentTarget } = event
  if (step === undefined || !(target instanceof HTMLElement) || target.dataset.rowLink === undefined) return
  const links = [...currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')]
  links[links.indexOf(target) + step]?.focus()
  event.preventDefault()
}

/** What a click means by itself. */
const OF_ITS_OWN = 'a, button, input, label, select, textarea, summary, [role="menu"], [role="menuitem"]'

function openRow(event: MouseEvent<HTMLTableElement>): void {
  const { target, currentTarget, button } = event
  if (event.defaultPrevented || button > 1 || !(target instanceof Element) || !currentTarget.contains(target)) return
  // A person who selects text in a row wants the text, not the row's page.
  if (target.closest(OF_ITS_OWN) !== null || getSelection()?.isCollapsed === false) return
  const link = target.closest('tr')?.querySelector<HTMLAnchorElement>('a[data-row-link]')
  if (link == null) return
  if (button === 1 || event.ctrlKey || event.metaKey) window.open(link.href, '_blank', 'noopener')
  else link.click()
}
