import { randomBytes } from 'node:crypto'
import { defineCredential } from '../credential.ts'
import { tlsField } from '../providers/server-account.ts'
import { howTo } from '../service/accounts.ts'

/** A broker of MQTT, such as Mosquitto, EMQX or HiveMQ. */
export const mqttAccount = defineCredential({
  id: 'mqtt',
  title: 'MQTT',
  fields: [
    {
      name: 'url',
      title: 'Address',
      help: 'mqtts:// and wss:// (over a WebSocket) are encrypted, mqtt:// and ws:// are not.',
      placeholder: 'mqtts://broker.example.com:8883',
      isSecret: false,
    },
    { name: 'user', title: 'User', isSecret: false, isOptional: true },
    { name: 'password', title: 'Password', isSecret: true, isOptional: true },
    { ...tlsField, isAdvanced: true },
    {
      name: 'version',
      title: 'Version of MQTT',
      isSecret: false,
      isOptional: true,
      isAdvanced: true,
      choices: [
        { value: '3.1.1', label: '3.1.1, which every broker speaks' },
        { value: '5', label: '5' },
      ],
    },
  ],
  help: howTo('What to enter', {
    title: 'Your broker',
    text: 'Home Assistant shows it under “MQTT”; a Mosquitto on this computer is mqtt://127.0.0.1.',
  }),
  async test({ fields, connect, signal, clock }) {
    const { openMqtt } = await import('./mqtt-session.ts')
    const { brokerOf } = await import('./mqtt-transport.ts')
    const clientId = `hookline${randomBytes(7).toString('hex')}`
    const session = await openMqtt(fields, { connect, signal, clock }, { clientId, clean: true })
    session.close()
    const { host, port } = brokerOf(fields).server
    return `${fields.user ? `${fields.user} at ` : ''}${host}:${port}`
  },
})
