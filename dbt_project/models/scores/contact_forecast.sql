with scored as (
    select * from {{ source('lake_scores', 'contact_forecast') }}
    where as_of = {{ as_of_date() }}
),

suggestions as (
    select * from {{ ref('contact_suggestions') }}
),

categorised as (
    select
        scored.*,
        coalesce(suggestions.category, 'any') as suggestion
    from scored
    left join suggestions on scored.likely_category = suggestions.category
),

final as (
    select
        cast(categorised.customer_key as string) as customer_key,
        cast(categorised.as_of as date) as as_of,
        cast(categorised.ticket_probability_48h as double) as ticket_probability_48h,
        cast(categorised.complaint_probability_7d as double) as complaint_probability_7d,
        cast(categorised.contact_rank as bigint) as contact_rank,
        cast(categorised.is_within_budget as boolean) as is_within_budget,
        cast(categorised.likely_category as string) as likely_category,
        cast(categorised.category_probability as double) as category_probability,
        suggestions.action_code as suggested_action,
        suggestions.channel as suggested_channel,
        suggestions.owner_role,
        suggestions.title_en as suggestion_en,
        suggestions.title_zh as suggestion_zh,
        suggestions.message_en,
        suggestions.message_zh,
        cast(categorised.model_version as string) as model_version,
        cast(categorised.run_id as string) as run_id,
        cast(categorised.complaint_model_version as string) as complaint_model_version,
        cast(categorised.complaint_run_id as string) as complaint_run_id
    from categorised
    left join suggestions on categorised.is_within_budget and categorised.suggestion = suggestions.category
)

select * from final
