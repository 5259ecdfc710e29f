// Validates exported .glb files with the Khronos glTF validator; status 1 on an error or a warning.
//
//     npm install gltf-validator
//     node tests/exports/check.js x.glb
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
// Found where the command is given, not beside this file.
const validator = createRequire(path.join(process.cwd(), 'package.json'))('gltf-validator');

async function main() {
  for (const file of process.argv.slice(2)) {
    const { issues, info } = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
    console.log(`${file}: ${issues.numErrors} errors, ${issues.numWarnings} warnings, ${info.animationCount} animations`);
    if (issues.numErrors + issues.numWarnings > 0 || info.animationCount < 1) {
      console.error(JSON.stringify(issues.messages, null, 1));
      process.exitCode = 1;
    }
  }
}

main().catch((error) => {
  console.error(`wrong: ${error}`);
  process.exitCode = 1;
});
