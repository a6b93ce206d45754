package main

import (
	"slices"
	"strings"
)

// azureBlobs is how the actions of Azure on what is in a container begin.
const azureBlobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"

// permissionNames returns what stores call the permission to use a verb, by scheme.
func permissionNames() map[string]map[string]string {
	return map[string]map[string]string{
		"s3": {
			"list": "s3:ListBucket", "look for what is absent": "s3:ListBucket, s3:GetObject", "put": "s3:PutObject",
			"get": "s3:GetObject", "delete": "s3:DeleteObject", "abort": "s3:AbortMultipartUpload",
		},
		"gs": {
			"list": "storage.objects.list", "look for what is absent": "storage.objects.get", "put": "storage.objects.create",
			"get": "storage.objects.get", "delete": "storage.objects.delete", "abort": "storage.objects.create",
		},
		"abfss": { // the letters are those of a shared access signature
			"list": azureBlobs + "read (SAS: l)", "look for what is absent": azureBlobs + "read (SAS: r)", "put": azureBlobs + "write (SAS: w)",
			"get": azureBlobs + "read (SAS: r)", "delete": azureBlobs + "delete (SAS: d)", "abort": azureBlobs + "write (SAS: w)",
		},
		"file": {
			"list": "read the directory", "look for what is absent": "search the directory", "put": "write the directory",
			"get": "read the file", "delete": "write the directory", "abort": "write the directory",
		},
	}
}

// permissionOf returns what the store calls the permission, or what we do if
// nobody knows.
func permissionOf(scheme, verb string) string {
	if name := permissionNames()[scheme][verb]; name != "" {
		return name
	}
	return "to " + verb
}

// denies says whether a verb is not permitted.
func (r *verifyReport) denies(verb string) bool {
	return slices.ContainsFunc(r.Permissions, func(p permissionReport) bool { return p.Verb == verb && p.Status == missing })
}

// missing names the permissions that are missing, each once. Where a verb wants
// several, and one of them is missing by itself, it is that one.
func (r *verifyReport) missing() []string {
	var names []string
	for _, p := range r.Permissions {
		if p.Status == missing && !slices.Contains(names, p.Permission) {
			names = append(names, p.Permission)
		}
	}
	var least []string
	for _, name := range names {
		one := func(n string) bool { return n != name && slices.Contains(names, n) }
		if !slices.ContainsFunc(strings.Split(name, ", "), one) {
			least = append(least, name)
		}
	}
	return least
}
