import './ui/tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { config } from 'zod/v4/core'
import { connect } from './api/connection.ts'
import { watchEvents } from './api/events.ts'
import { App } from './app.tsx'
import { restoreAppearance } from './stores/appearance.ts'

// zod compiles its parsers with `new Function` where it may; our content security policy forbids that.
config({ jitless: true })
restoreAppearance()
watchEvents()
void connect()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
