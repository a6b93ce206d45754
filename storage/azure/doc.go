// Package azure stores checkpoints in Azure Blob Storage, under the names that
// Flink users have for it. It is storage/cdk over gocloud's driver; what it adds is
// how a location becomes an account, a container and credentials.
//
//	registry.Register(azure.Opener(nil), azure.Schemes()...)
//	// abfss://container@account.dfs.core.windows.net/savepoints/…
//	// wasbs://container@account.blob.core.windows.net/savepoints/…
//
// All four schemes are reached as blobs and by HTTPS, whatever their names say: an
// account with a hierarchical namespace serves both, and none should serve plain
// text. Credentials are not in a location; they come from Options, or the first
// that there is of AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY, and what
// azidentity's default finds: AZURE_CLIENT_ID and its like, a workload's or a
// machine's identity, "az login".
//
//	| parameter | value               | default                                     |
//	|-----------|---------------------|---------------------------------------------|
//	| anonymous | true, false         | false; true sends no credentials            |
//	| ca-file   | file of PEM         | the machine's certificates alone            |
//	| endpoint  | http(s)://host:port | https:// and the account's host; Azurite's  |
//	|           |                     | has the account as its path                 |
//	| read-only | true, false         | false; true lets no request out but GET and |
//	|           |                     | HEAD                                        |
//
// Objects are written in the account's default access tier and by the container's
// default encryption scope: no option or parameter chooses others.
//
// # What it promises
//
// What storage/cdk does: an object is staged in blocks of 8 MiB and committed by a
// list of them, with If-None-Match if it is exclusive; a lost answer is settled by
// the writer's token. Blocks that were never committed are shown by no verb, and
// Azure drops them after a week. Keys are UTF-8 of at most 1024 characters and 254
// parts, and some characters are stored escaped, as gocloud does it; List therefore
// reads all before it tells the first. "make azure" holds it to the contract with
// Azurite, Microsoft's emulator.
package azure
