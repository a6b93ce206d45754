package s3

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"math/bits"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
)

// trust is what is known of the store's checksums.
type trust int32

const (
	// checksumSigned: the SHA-256 of the content is a part of the signature, and no
	// checksum is sent.
	checksumSigned trust = iota
	// checksumUnknown: both are sent, until the store has shown that it compares
	// checksums, or does not know them.
	checksumUnknown
	// checksumKnown: a CRC-32C is sent, and over plain HTTP the signature too.
	checksumKnown
	// checksumBare: a CRC-32C is sent, and nothing else.
	checksumBare
)

// trust returns what to think of the store at the beginning.
func (s settings) trust(o s3.Options) trust {
	required := o.RequestChecksumCalculation == aws.RequestChecksumCalculationWhenRequired
	switch {
	case s.checksum == checksumCRC32C:
		return checksumBare
	case s.checksum == checksumSignature, required:
		return checksumSigned
	case o.BaseEndpoint == nil:
		return checksumKnown
	case strings.HasPrefix(*o.BaseEndpoint, "https:"):
		return checksumUnknown
	}
	return checksumSigned // it is needed anyway, and says the same
}

// trustOf returns what the program thinks of the store that brought this client.
func trustOf(o s3.Options) trust {
	if o.RequestChecksumCalculation == aws.RequestChecksumCalculationWhenRequired {
		return checksumSigned
	}
	return checksumKnown
}

// proof is how one upload shows that it arrived as it was sent.
type proof struct {
	crc    bool // a CRC-32C in a header
	always bool // sign the content, over TLS too
	never  bool // do not sign it, over plain HTTP neither
}

// signed says whether the content is a part of the signature.
func (p proof) signed(scheme string) bool { return p.always || (!p.never && scheme != "https") }

func (p proof) apply(o *s3.Options) {
	if !p.crc {
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	}
	switch {
	case p.always:
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			sum := &v4.ComputePayloadSHA256{}
			_, err := stack.Finalize.Swap(sum.ID(), sum)
			return err
		})
	case p.never:
		o.APIOptions = append(o.APIOptions, v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware)
	}
}

// proof returns how to prove the next upload.
func (c *calls) proof() proof {
	switch trust(c.trust.Load()) {
	case checksumUnknown:
		return proof{crc: true, always: true}
	case checksumKnown:
		return proof{crc: true}
	case checksumBare:
		return proof{crc: true, never: true}
	}
	return proof{always: true}
}

// learn remembers whether a store, of which nothing was known, answered with the
// checksum that it was sent.
func (c *calls) learn(p proof, echoed bool) {
	if !p.crc || !p.always {
		return
	}
	found := checksumSigned
	if echoed {
		found = checksumKnown
	}
	c.trust.CompareAndSwap(int32(checksumUnknown), int32(found))
}

// refused says whether the error may be that of a store which knows no checksums,
// and forgets them if so.
func (c *calls) refused(p proof, err error) bool {
	if !p.crc || !p.always || (status(err) != http.StatusBadRequest && status(err) != http.StatusNotImplemented) {
		return false
	}
	return c.trust.CompareAndSwap(int32(checksumUnknown), int32(checksumSigned))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// crc32c returns the checksum as S3 writes it.
func crc32c(part []byte) *string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.Checksum(part, castagnoli))
	return aws.String(base64.StdEncoding.EncodeToString(sum))
}

// checksums are those that an answer may bring, the usual ones first.
var checksums = []struct {
	header string
	sums   func() hash.Hash
}{
	{"X-Amz-Checksum-Crc32c", func() hash.Hash { return crc32.New(castagnoli) }},
	{"X-Amz-Checksum-Crc64nvme", func() hash.Hash { return crc64.New(crc64.MakeTable(bits.Reverse64(0xad93d23594c93659))) }},
	{"X-Amz-Checksum-Crc32", func() hash.Hash { return crc32.NewIEEE() }},
	{"X-Amz-Checksum-Sha256", sha256.New},
	{"X-Amz-Checksum-Sha1", sha1.New},
}

// checksumOf returns what the answer says the whole object's checksum is, and how
// to compute it; nil if it does not say. That of an object in parts, which ends
// with their number, is none of its content.
func checksumOf(header http.Header) (sum string, sums hash.Hash) {
	for _, known := range checksums {
		if said := header[known.header]; len(said) == 1 && !strings.Contains(said[0], "-") {
			return said[0], known.sums()
		}
	}
	return "", nil
}
