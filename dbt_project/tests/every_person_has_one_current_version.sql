-- Every person in the CRM at as_of has exactly one current version, and no version ends before it begins.
with versions as (
    select
        keys.customer_key,
        count(case when customers.is_current then 1 end) as current_count,
        count(case when customers.valid_to <= customers.valid_from then 1 end) as empty_count
    from {{ ref('int_identity__customer_keys') }} as keys
    left join {{ ref('dim_customers') }} as customers on keys.customer_key = customers.customer_key
    group by keys.customer_key, keys.customer_id
)

select *
from versions
where current_count != 1 or empty_count > 0
