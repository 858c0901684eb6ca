-- Label propagation has converged: no identifier that joins records leads to two persons.
-- If this fails, raise the variable `identity_rounds`.
select
    claims.identifier_type,
    claims.identifier,
    claims.owner_number,
    count(distinct keys.customer_key) as person_count
from {{ ref('int_identity__claims') }} as claims
inner join {{ ref('int_identity__customer_keys') }} as keys on claims.customer_id = keys.customer_id
where claims.decision = 'joined'
group by claims.identifier_type, claims.identifier, claims.owner_number
having count(distinct keys.customer_key) > 1
