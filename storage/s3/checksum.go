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
	// checksumKnown: a CRC-32C is sent, and the content is not signed. Over plain
	// HTTP that guards it against accidents and not against people, who could as
	// well change what is read.
	checksumKnown
	// checksumNone: the user trusts TLS, or TCP, and what the store computes by
	// itself.
	checksumNone
)

// trust returns what to think of the store at the beginning.
func (s settings) trust(o s3.Options) trust {
	required := o.RequestChecksumCalculation == aws.RequestChecksumCalculationWhenRequired
	switch {
	case s.checksum == checksumOff:
		return checksumNone
	case s.checksum == checksumCRC32C:
		return checksumKnown
	case s.checksum == checksumSignature, required:
		return checksumSigned
	case o.BaseEndpoint == nil: // Amazon
		return checksumKnown
	}
	return checksumUnknown
}

// proof is how one upload shows that it arrived as it was sent.
type proof struct {
	crc    bool // a CRC-32C in a header
	signed bool // the content is a part of the signature
}

func (p proof) apply(o *s3.Options) {
	if !p.crc {
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	}
	if !p.signed {
		o.APIOptions = append(o.APIOptions, v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware)
		return
	}
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		sum := &v4.ComputePayloadSHA256{}
		_, err := stack.Finalize.Swap(sum.ID(), sum)
		return err
	})
}

// proof returns how to prove the next upload.
func (c *calls) proof() proof {
	known := trust(c.trust.Load())
	return proof{
		crc:    known == checksumKnown || known == checksumUnknown,
		signed: known == checksumSigned || known == checksumUnknown,
	}
}

// learn remembers whether a store, of which nothing was known, answered with the
// checksum that it was sent.
func (c *calls) learn(p proof, echoed bool) {
	if !p.crc || !p.signed {
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
	if !p.crc || !p.signed || (status(err) != http.StatusBadRequest && status(err) != http.StatusNotImplemented) {
		return false
	}
	return c.trust.CompareAndSwap(int32(checksumUnknown), int32(checksumSigned))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// crc32c returns the checksum as S3 writes it.
func (o object) crc32c() *string {
	sum := binary.BigEndian.AppendUint32(nil, o.sum)
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
