with expected as (
    select 'email' as identifier_type
    union all
    select 'phone' as identifier_type
    union all
    select 'handle' as identifier_type
    union all
    select 'external_id' as identifier_type
),

counted as (
    select
        coalesce(expected.identifier_type, caps.identifier_type) as identifier_type,
        expected.identifier_type is null as is_unknown,
        count(caps.identifier_type) as line_count,
        coalesce(min(caps.maximum_records), 0) as maximum_records
    from expected
    full outer join {{ ref('identity_caps') }} as caps on expected.identifier_type = caps.identifier_type
    group by coalesce(expected.identifier_type, caps.identifier_type), expected.identifier_type is null
)

select
    concat(
        'identity_caps.csv: ', coalesce(identifier_type, 'a line without identifier_type'),
        case
            when is_unknown then ' is not an identifier type; write email, phone, handle or external_id'
            when line_count != 1
                then concat(' has ', cast(line_count as string), ' lines; write exactly one')
            else concat(
                ' may be shared by ', cast(maximum_records as string), ' records; write a whole number of at least 1'
            )
        end
    ) as problem
from counted
where is_unknown or line_count != 1 or maximum_records < 1
