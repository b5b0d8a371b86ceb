// The limit that acknowledged ingest is measured against: Express 5 that parses JSON and answers, and stores nothing.
import express from 'express'
import { sayWhere } from './say-where.ts'

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.use(express.json())
let count = 0
app.post('/hooks/bench', (_request, response) => {
  count++
  response.json({ id: `evt_${count}`, status: 'accepted' })
})
const server = app.listen(0, '127.0.0.1', () => sayWhere(server))
