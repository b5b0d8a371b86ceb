import { Contrast as ContrastIcon, type LucideIcon, Monitor, Moon, Sun } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import {
  CONTRASTS,
  type Contrast,
  setContrast,
  setTheme,
  THEMES,
  type Theme,
  useAppearance,
} from '../stores/appearance.ts'
import { SEGMENT, SEGMENTS } from '../ui/controls/segments.ts'
import { classNames } from '../ui/look/class-names.ts'
import { Section } from '../ui/page/section.tsx'

type Look = { readonly icon: LucideIcon; readonly label: string }

const THEME_LOOKS: Readonly<Record<Theme, Look>> = {
  system: { icon: Monitor, label: 'System' },
  light: { icon: Sun, label: 'Light' },
  dark: { icon: Moon, label: 'Dark' },
}
const CONTRAST_LOOKS: Readonly<Record<Contrast, Look>> = {
  system: { icon: Monitor, label: 'System' },
  more: { icon: ContrastIcon, label: 'More' },
}

export function AppearanceSection() {
  const theme = useAppearance((state) => state.theme)
  const contrast = useAppearance((state) => state.contrast)
  return (
    <Section
      title="Appearance"
      description="Kept in this window only."
      control={
        <div className="grid grid-cols-[auto_auto] items-center gap-x-3 gap-y-2">
          <Choice label="Theme" value={theme} values={THEMES} looks={THEME_LOOKS} onChoose={setTheme} />
          <Choice label="Contrast" value={contrast} values={CONTRASTS} looks={CONTRAST_LOOKS} onChoose={setContrast} />
        </div>
      }
    />
  )
}

function Choice<Value extends string>(props: {
  label: string
  value: Value
  values: readonly Value[]
  looks: Readonly<Record<Value, Look>>
  onChoose(value: Value): void
}) {
  return (
    <div className="contents">
      <span aria-hidden className="text-right text-sm text-ink-soft">
        {props.label}
      </span>
      <RadioGroup.Root
        aria-label={props.label}
        orientation="horizontal"
        value={props.value}
        onValueChange={(chosen) => {
          const found = props.values.find((one) => one === chosen)
          if (found !== undefined) props.onChoose(found)
        }}
        className={classNames(SEGMENTS, 'justify-self-start')}
      >
        {props.values.map((one) => {
          const { icon: Icon, label } = props.looks[one]
          return (
            <RadioGroup.Item key={one} value={one} className={SEGMENT}>
              <Icon size={14} aria-hidden />
              {label}
            </RadioGroup.Item>
          )
        })}
      </RadioGroup.Root>
    </div>
  )
}
