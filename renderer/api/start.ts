import { config } from 'zod/v4/core'
import { connect } from './connection.ts'
import { watchEvents } from './events.ts'

// Imported before everything else for what it does: the way to the host and back goes on while the rest of the page is made.

// zod compiles its parsers with `new Function` where it may; our content security policy forbids that.
config({ jitless: true })
watchEvents()
void connect()
