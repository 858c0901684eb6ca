with responses as (
    select * from {{ ref('fct_survey_responses') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

final as (
    select
        responses.*,
        versions.segment,
        versions.region
    from responses
    left join versions
        on responses.customer_key = versions.customer_key
        and {{ is_valid_at('responses.responded_at') }}
)

select * from final
