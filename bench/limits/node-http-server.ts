// What Node's own HTTP server can do: it reads the body, parses it as JSON and answers.
import { createServer } from 'node:http'
import { sayWhere } from './say-where.ts'

let count = 0
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    JSON.parse(body)
    count++
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ id: `evt_${count}`, status: 'accepted' }))
  })
})
server.listen(0, '127.0.0.1', () => sayWhere(server))
