import 'react'

// Custom properties are how styles take a value from code; React's own type does not know them.
declare module 'react' {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined
  }
}
