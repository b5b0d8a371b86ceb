import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Tooltip } from '../layers/tooltip.tsx'
import { classNames } from '../look/class-names.ts'
import { Spinner } from '../page/spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'
export type ButtonSize = 'sm' | 'md'

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-accent-ink shadow-card enabled:hover:bg-accent-strong enabled:active:bg-accent-strong',
  secondary:
    'border border-line-strong bg-surface text-ink shadow-card enabled:hover:bg-[linear-gradient(var(--hover),var(--hover))] enabled:active:bg-[linear-gradient(var(--press),var(--press))] data-[state=open]:bg-[linear-gradient(var(--hover),var(--hover))]',
  ghost:
    'text-ink-soft enabled:hover:bg-hover enabled:hover:text-ink enabled:active:bg-press data-[state=open]:bg-hover',
  danger: 'bg-danger-fill text-white shadow-card enabled:hover:brightness-110 enabled:active:brightness-95',
}

const SHAPE =
  'inline-flex shrink-0 items-center justify-center rounded font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50'

// Not `disabled`, which would take the focus away from a person who has just pressed it with a key.
const BUSY = {
  'aria-busy': true,
  'aria-disabled': true,
  onClick: (event: { preventDefault(): void }): void => event.preventDefault(),
} as const

export type ButtonProps = Omit<ComponentProps<'button'>, 'type'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Before the words. */
  icon?: LucideIcon
  /** Shows a spinner in the icon's place and ignores clicks; the words stay, so that nothing jumps, and the focus stays, too. */
  loading?: boolean
  type?: 'button' | 'submit'
}

export function Button({
  variant = 'secondary',
  size = 'md',
  icon: Icon,
  loading = false,
  type = 'button',
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      {...(loading && BUSY)}
      type={type}
      className={classNames(
        SHAPE,
        VARIANTS[variant],
        size === 'sm' ? 'h-6 gap-1 px-2 text-sm' : 'h-8 gap-1.5 px-3 text-base',
        className,
      )}
    >
      {loading ? (
        <Spinner size={size === 'sm' ? 13 : 15} />
      ) : (
        Icon && <Icon size={size === 'sm' ? 13 : 15} aria-hidden />
      )}
      {children}
    </button>
  )
}

export type IconButtonProps = Omit<ButtonProps, 'icon' | 'children' | 'aria-label'> & {
  icon: LucideIcon
  /** The button's accessible name, and its tooltip. */
  label: string
  shortcut?: string | undefined
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right'
}

/** A button with only an icon, which says its name on hover and focus. */
export function IconButton({
  icon: Icon,
  label,
  shortcut,
  tooltipSide = 'bottom',
  variant = 'ghost',
  size = 'md',
  loading = false,
  type = 'button',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={tooltipSide}>
      <button
        {...rest}
        {...(loading && BUSY)}
        type={type}
        aria-label={label}
        className={classNames(SHAPE, VARIANTS[variant], size === 'sm' ? 'size-6' : 'size-8', className)}
      >
        {loading ? <Spinner size={size === 'sm' ? 14 : 16} /> : <Icon size={size === 'sm' ? 14 : 16} aria-hidden />}
      </button>
    </Tooltip>
  )
}
