// Starts a real PDS with an in-memory PLC directory, both on loopback only, and prints its address as one
// line of JSON. It ends when its standard input does, so that it never outlives the test that began it.
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secp256k1Keypair } from '@atproto/crypto'
import { envToCfg, envToSecrets, PDS } from '@atproto/pds'
import plc from '@did-plc/server'

// Both listen on every interface unless they are told otherwise, and neither can be told.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' || typeof port === 'string'
    ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest)
    : listen.call(this, port, ...rest)
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const [jwtSecret, folderBase = tmpdir()] = process.argv.slice(2)
const folder = mkdtempSync(join(folderBase, 'resuena-pds-'))
const directory = plc.PlcServer.create({ db: new plc.MockDatabase(), port: await freePort() })
await directory.start()
const rotation = await Secp256k1Keypair.create({ exportable: true })
const environment = {
  devMode: true,
  port: await freePort(),
  hostname: 'localhost',
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  didPlcUrl: `http://127.0.0.1:${directory.server.address().port}`,
  plcRotationKeyK256PrivateKeyHex: Buffer.from(await rotation.export()).toString('hex'),
  jwtSecret,
  adminPassword: jwtSecret,
}
const server = await PDS.create(envToCfg(environment), envToSecrets(environment))
await server.start()
process.stdout.write(JSON.stringify({ port: server.server.address().port }) + '\n')

process.stdin.on('close', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
process.stdin.resume()
